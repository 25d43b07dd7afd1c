import * as Clock from 'effect/Clock';
import * as Effect from 'effect/Effect';
import * as Exit from 'effect/Exit';
import * as Ref from 'effect/Ref';
import { admit, breakerStateAt, closedBreaker, resetBreaker, settle } from '../refresh/breaker.ts';
import type { BreakerStateName } from '../refresh/freshness.ts';
import { type BreakerSettings, DEFAULT_BREAKER } from '../refresh/settings.ts';
import { inMs } from '../drivers/background/sleep.ts';
import { demandRange } from './demand-range.ts';
import { BreakerOpen } from './errors.ts';

export interface CircuitBreakerOptions extends Partial<BreakerSettings> {
  /** A probe that takes longer has failed, in milliseconds. Default 30 s. */
  readonly probeLeaseMs?: number;
}

/** The breaker that guards stores, for anything else. */
export interface CircuitBreaker {
  readonly state: Effect.Effect<BreakerStateName>;
  /** Closes it and forgets its failures. */
  readonly reset: Effect.Effect<void>;
  /**
   * Runs the effect if it is admitted. Failures and defects count, an interruption does not; `isFailure` says which
   * failures mean that the other side is down.
   */
  protect<A, E, R>(
    effect: Effect.Effect<A, E, R>,
    isFailure?: (error: E) => boolean,
  ): Effect.Effect<A, E | BreakerOpen, R>;
}

/**
 * A breaker with the settings of the client's own: 3 failures, 30 s, one probe. A number that cannot be used is a
 * defect: a RangeError that names it.
 */
export const makeCircuitBreaker = Effect.fnUntraced(function* (
  options: CircuitBreakerOptions = {},
): Effect.fn.Return<CircuitBreaker> {
  const clock = yield* Clock.Clock;
  const settings: BreakerSettings = {
    failureThreshold: options.failureThreshold ?? DEFAULT_BREAKER.failureThreshold,
    recoveryTimeoutMs: options.recoveryTimeoutMs ?? DEFAULT_BREAKER.recoveryTimeoutMs,
    growth: options.growth ?? DEFAULT_BREAKER.growth,
    maxRecoveryTimeoutMs: options.maxRecoveryTimeoutMs ?? Number.MAX_SAFE_INTEGER,
  };
  const leaseMs = options.probeLeaseMs ?? 30_000;
  for (const [name, value] of Object.entries({ ...settings, probeLeaseMs: leaseMs })) {
    demandRange(name, value, 1, Number.MAX_SAFE_INTEGER);
  }
  const breaker = yield* Ref.make(closedBreaker);
  const nowMs = Effect.map(clock.monotonicTimeNanos, inMs);

  const protect = <A, E, R>(effect: Effect.Effect<A, E, R>, isFailure: (error: E) => boolean = () => true) =>
    Effect.gen(function* (): Effect.fn.Return<A, E | BreakerOpen, R> {
      const askedMs = yield* nowMs;
      const verdict = yield* Ref.modify(breaker, (present) => {
        const [next, verdict] = admit(present, settings, leaseMs, askedMs);
        return [verdict, next];
      });
      if (!verdict.admitted) return yield* new BreakerOpen({ retryAfterMs: Math.ceil(verdict.retryAfterMs) });
      return yield* Effect.onExit(effect, (exit) =>
        Effect.flatMap(nowMs, (endedMs) =>
          Ref.update(breaker, (present) =>
            settle(present, verdict.admission, outcomeOf(exit, isFailure), settings, endedMs),
          ),
        ),
      );
    });
  return {
    state: Effect.flatMap(nowMs, (askedMs) =>
      Effect.map(Ref.get(breaker), (present) => breakerStateAt(present, askedMs)),
    ),
    reset: Ref.update(breaker, resetBreaker),
    protect,
  };
});

/** `effect` behind `breaker`, for use in a pipe. */
export const withBreaker =
  (breaker: CircuitBreaker) =>
  <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E | BreakerOpen, R> =>
    breaker.protect(effect);

function outcomeOf<A, E>(
  exit: Exit.Exit<A, E>,
  isFailure: (error: E) => boolean,
): 'success' | 'failure' | 'answered' | 'neither' {
  if (Exit.isSuccess(exit)) return 'success';
  const { reasons } = exit.cause;
  if (reasons.some((reason) => reason._tag === 'Die')) return 'failure';
  const failed = reasons.find((reason) => reason._tag === 'Fail');
  if (failed === undefined) return 'neither';
  return isFailure(failed.error) ? 'failure' : 'answered';
}
