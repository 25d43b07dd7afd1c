import { StoreError } from '@clarity/flags-core/ports';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { withPatience } from '../../src/publishing/throttle-patience.ts';

const throttled = (): Promise<never> => Promise.reject(new StoreError('throttled', 'slow down'));

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** A signal that counts who listens to it. */
function counted() {
  const controller = new AbortController();
  const { signal } = controller;
  let listeners = 0;
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  vi.spyOn(signal, 'addEventListener').mockImplementation((...given: Parameters<typeof add>) => {
    listeners += 1;
    add(...given);
  });
  vi.spyOn(signal, 'removeEventListener').mockImplementation((...given: Parameters<typeof remove>) => {
    listeners -= 1;
    remove(...given);
  });
  return { signal, abort: (reason?: unknown) => controller.abort(reason), listeners: () => listeners };
}

describe('F28 patience with a store that throttles', () => {
  it.each([
    ['least', 0, 0.5],
    ['most', 1, 1],
  ])('doubles its pauses from 200 ms to 5 s, jittered at %s', async (_, random, share) => {
    vi.spyOn(Math, 'random').mockReturnValue(random);
    const call = vi.fn(throttled);
    const outcome = withPatience(call, new AbortController().signal).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(0);
    for (const [index, ms] of [200, 400, 800, 1_600, 3_200, 5_000, 5_000].entries()) {
      expect(call).toHaveBeenCalledTimes(index + 1);
      await vi.advanceTimersByTimeAsync(ms * share - 1);
      expect(call).toHaveBeenCalledTimes(index + 1);
      await vi.advanceTimersByTimeAsync(1);
    }
    expect(call).toHaveBeenCalledTimes(8);
    expect(await outcome).toMatchObject({ reason: 'throttled' });
  });

  it('ends with its call, and leaves no timer and no listener', async () => {
    const { signal, listeners } = counted();
    const call = vi
      .fn(async () => 'done')
      .mockImplementationOnce(throttled)
      .mockImplementationOnce(throttled);
    const outcome = withPatience(call, signal);
    await vi.runAllTimersAsync();
    expect(await outcome).toBe('done');
    expect([vi.getTimerCount(), listeners()]).toEqual([0, 0]);
  });

  it.each([
    [new StoreError('unavailable', 'closed'), { reason: 'unavailable', message: 'closed' }],
    [undefined, { reason: 'timeout', message: expect.stringMatching(/throttled the writes until the time was up/) }],
  ])('F43 ends at once when its caller gives up (%o), and leaves no timer', async (reason, expected) => {
    const { signal, abort } = counted();
    const call = vi.fn(throttled);
    const outcome = withPatience(call, signal).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(0);
    expect(vi.getTimerCount()).toBe(1);
    abort(reason);
    expect(await outcome).toMatchObject(expected);
    expect(vi.getTimerCount()).toBe(0);
    expect(call).toHaveBeenCalledTimes(1);
  });

  it('does not wait for a caller who has given up already', async () => {
    const outcome = withPatience(throttled, AbortSignal.abort()).catch((error: unknown) => error);
    expect(await outcome).toMatchObject({ reason: 'timeout' });
    expect(vi.getTimerCount()).toBe(0);
  });

  it('has none with any other failure', async () => {
    const call = vi.fn(() => Promise.reject(new StoreError('unauthorized', 'no')));
    await expect(withPatience(call, new AbortController().signal)).rejects.toMatchObject({ reason: 'unauthorized' });
    expect(call).toHaveBeenCalledTimes(1);
  });
});
