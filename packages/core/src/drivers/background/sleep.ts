import * as Clock from 'effect/Clock';
import * as Duration from 'effect/Duration';
import * as Effect from 'effect/Effect';

/** The monotonic clock, in milliseconds. */
export const monotonicMs: Effect.Effect<number> = Effect.flatMap(Clock.Clock, (clock) =>
  Effect.map(clock.monotonicTimeNanos, inMs),
);

/** Nanoseconds as milliseconds. */
export function inMs(nanos: bigint): number {
  return Number(nanos) / 1e6;
}

/**
 * Sleeps until the monotonic clock has reached `dueMs`: timers may ring early, and long sleeps come in pieces. What a
 * timer left is waited for with a millisecond to spare (`spareMs`), or one that rings early would do so again.
 */
export const sleepUntil = (dueMs: number, spareMs = 0): Effect.Effect<void> =>
  Effect.flatMap(monotonicMs, (nowMs) =>
    nowMs >= dueMs
      ? Effect.void
      : Effect.andThen(
          Effect.sleep(Duration.millis(Math.ceil(dueMs - nowMs) + spareMs)),
          Effect.suspend(() => sleepUntil(dueMs, 1)),
        ),
  );
