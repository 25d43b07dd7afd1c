import * as Clock from 'effect/Clock';
import * as Duration from 'effect/Duration';
import * as Effect from 'effect/Effect';
import { expect, it } from 'vitest';
import { sleepUntil } from '../../src/drivers/background/sleep.ts';

/** A clock on which each timer rings by `earlyMs` too soon. */
const hastyClock = (earlyMs: number) => {
  const asked: number[] = [];
  let nowMs = 0;
  const monotonicNanos = (): bigint => BigInt(Math.round(nowMs * 1e6));
  const clock: Clock.Clock = {
    currentTimeMillisUnsafe: () => nowMs,
    currentTimeMillis: Effect.sync(() => nowMs),
    currentTimeNanosUnsafe: monotonicNanos,
    currentTimeNanos: Effect.sync(monotonicNanos),
    monotonicTimeNanosUnsafe: monotonicNanos,
    monotonicTimeNanos: Effect.sync(monotonicNanos),
    sleep: (duration) =>
      Effect.sync(() => {
        const ms = Duration.toMillis(duration);
        asked.push(ms);
        nowMs += ms - earlyMs;
      }),
  };
  return { clock, asked, nowMs: () => nowMs };
};

it('sleeps once where timers ring on time', async () => {
  const { clock, asked, nowMs } = hastyClock(0);
  await Effect.runPromise(Effect.provideService(sleepUntil(4.2), Clock.Clock, clock));
  expect(asked).toEqual([5]);
  expect(nowMs()).toBe(5);
});

it('waits once more for what a timer left that rang early, and not again and again', async () => {
  const { clock, asked, nowMs } = hastyClock(0.7);
  await Effect.runPromise(Effect.provideService(sleepUntil(5), Clock.Clock, clock));
  expect(asked).toEqual([5, 2]);
  expect(nowMs()).toBeGreaterThanOrEqual(5);
});
