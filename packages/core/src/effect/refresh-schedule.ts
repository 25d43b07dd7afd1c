import { LONGEST_TIMEOUT_MS } from '../ports/longest-timeout.ts';
import * as Duration from 'effect/Duration';
import * as Effect from 'effect/Effect';
import * as Random from 'effect/Random';
import * as Schedule from 'effect/Schedule';
import { jitteredBackoffMs, jittered } from '../refresh/schedule.ts';
import type { RefreshResult } from '../refresh/protocol.ts';
import { FIRST_BACKOFF_MS } from '../refresh/settings.ts';
import { demandRange } from './demand-range.ts';

export interface RefreshScheduleOptions {
  /** 1 to 2^31-1. */
  readonly intervalMs: number;
  /** Fraction by which an interval is spread both ways, 0 to 0.5. Default 0.1. */
  readonly jitter?: number;
}

/**
 * The rhythm in which a client refreshes, as a schedule that is fed the outcomes: the jittered interval after a
 * success, after failures a backoff from 1 s up to the interval, and what a refusal names as its retry-after. Gives the
 * failures in a row.
 *
 * Repeat by it what gives `{ ok }`, where no client runs on its own.
 *
 * @throws RangeError when `intervalMs` or `jitter` is out of range
 */
export const refreshSchedule = ({
  intervalMs,
  jitter = 0.1,
}: RefreshScheduleOptions): Schedule.Schedule<
  number,
  Pick<RefreshResult, 'ok'> & { readonly retryAfterMs?: number }
> => {
  demandRange('intervalMs', intervalMs, 1, LONGEST_TIMEOUT_MS);
  demandRange('jitter', jitter, 0, 0.5);
  return Schedule.fromStep(
    Effect.sync(() => {
      let failures = 0;
      return (_now: number, result: Pick<RefreshResult, 'ok'> & { readonly retryAfterMs?: number }) =>
        Effect.map(Random.next, (random): [number, Duration.Duration] => {
          failures = result.ok ? 0 : failures + 1;
          const pauseMs = result.ok
            ? jittered(intervalMs, jitter, random)
            : Math.max(jitteredBackoffMs(failures, FIRST_BACKOFF_MS, intervalMs, random), result.retryAfterMs ?? 0);
          return [failures, Duration.millis(pauseMs)];
        });
    }),
  );
};
