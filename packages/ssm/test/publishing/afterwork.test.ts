import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Afterwork } from '../../src/publishing/afterwork.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Goes on until its signal aborts. */
const endless = (signal: AbortSignal): Promise<string> =>
  new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));

const outcome = (work: Promise<unknown>): Promise<unknown> => work.catch((error: unknown) => error);

describe('afterwork', () => {
  it('is given up after 15 s, by a timer that no garbage collection takes away', async () => {
    const given = outcome(new Afterwork().run(endless));
    await vi.advanceTimersByTimeAsync(15_000);
    expect(await given).toMatchObject({ name: 'TimeoutError' });
  });

  it('is stopped by the end, after a time of grace, and leaves no timer', async () => {
    const afterwork = new Afterwork();
    const given = outcome(afterwork.run(endless));
    const ended = afterwork.end(500);
    await vi.advanceTimersByTimeAsync(500);
    await ended;
    expect(await given).toMatchObject({ name: 'AbortError' });
    expect(vi.getTimerCount()).toBe(0);
  });

  it('that begins after the end is stopped at once', async () => {
    const afterwork = new Afterwork();
    await afterwork.end(0);
    const signals: boolean[] = [];
    await afterwork.run(async ({ aborted }) => signals.push(aborted));
    expect(signals).toEqual([true]);
  });
});
