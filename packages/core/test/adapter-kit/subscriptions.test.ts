import { getEventListeners } from 'node:events';
import { describe, expect, it, vi } from 'vitest';
import { subscriptions } from '../../src/adapter-kit/subscriptions.ts';
import { StoreError } from '../../src/ports/store-error.ts';

const LISTENER = { notice: () => {}, up: () => {}, down: () => {} };

function feed(start: () => Promise<void> = () => Promise.resolve()) {
  const made: { start: () => Promise<void>; end: ReturnType<typeof vi.fn> }[] = [];
  const { subscribe, close } = subscriptions({
    feed: 'the feed f',
    attempt: 'subscribe to f',
    make: () => {
      const one = { start, end: vi.fn() };
      made.push(one);
      return one;
    },
  });
  return { subscribe, close, made };
}

describe('a subscription', () => {
  it('is there once its first attempt is acknowledged, and ends once with its signal', async () => {
    const { subscribe, close, made } = feed();
    const wanted = new AbortController();
    await subscribe(LISTENER, wanted.signal);
    expect(made[0]?.end).not.toHaveBeenCalled();
    wanted.abort();
    expect(made[0]?.end).toHaveBeenCalledTimes(1);
    // Nothing of it is left to end.
    expect(close()).toEqual([]);
    expect(made[0]?.end).toHaveBeenCalledTimes(1);
  });

  it('ends when its first attempt fails, and rejects with what that says', async () => {
    const refused = new StoreError('unauthorized', 'no');
    const { subscribe, close, made } = feed(() => Promise.reject(refused));
    await expect(subscribe(LISTENER, new AbortController().signal)).rejects.toBe(refused);
    expect(made[0]?.end).toHaveBeenCalledTimes(1);
    expect(close()).toEqual([]);
  });

  it('ends when it is called off while it starts, though the library beneath hangs (F50)', async () => {
    const { subscribe, made } = feed(() => new Promise(() => {}));
    const wanted = new AbortController();
    const starting = subscribe(LISTENER, wanted.signal);
    wanted.abort();
    await expect(starting).rejects.toMatchObject({
      reason: 'timeout',
      message: expect.stringContaining('subscribe to f'),
    });
    expect(made[0]?.end).toHaveBeenCalled();
  });

  it('ends when it is called off while it starts, though the library beneath resolves all the same (F50)', async () => {
    let land = (): void => {};
    const { subscribe, close, made } = feed(() => new Promise((resolve) => void (land = resolve)));
    const starting = subscribe(LISTENER, new AbortController().signal);
    close();
    land();
    await expect(starting).rejects.toMatchObject({ reason: 'unavailable' });
    expect(made[0]?.end).toHaveBeenCalled();
  });
});

describe('a signal that outlives its subscriptions', () => {
  it('is listened to by those that are there, and by none that ended', async () => {
    const { signal } = new AbortController();
    const refusing = feed(() => Promise.reject(new StoreError('unauthorized', 'no')));
    await expect(refusing.subscribe(LISTENER, signal)).rejects.toThrow('no');
    expect(getEventListeners(signal, 'abort')).toEqual([]);
    const { subscribe, close } = feed();
    await subscribe(LISTENER, signal);
    expect(getEventListeners(signal, 'abort')).toHaveLength(1);
    close();
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
});

describe('a feed that is closed', () => {
  it('ends all its subscriptions, gives them, and refuses new ones', async () => {
    const { subscribe, close, made } = feed();
    const signal = new AbortController().signal;
    await subscribe(LISTENER, signal);
    await subscribe(LISTENER, signal);
    expect(close()).toEqual(made);
    for (const { end } of made) expect(end).toHaveBeenCalledTimes(1);
    await expect(subscribe(LISTENER, signal)).rejects.toThrow('the feed f is closed; make a new one to go on');
  });
});
