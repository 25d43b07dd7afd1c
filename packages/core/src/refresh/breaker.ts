import type { BreakerStateName } from './freshness.ts';
import type { BreakerSettings } from './settings.ts';

/**
 * A circuit breaker as a value (Nygard, Release It!, 2007). Transitions are lazy: nothing happens until somebody asks,
 * so it needs no timer. All times are monotonic milliseconds.
 */
export interface Breaker {
  /** Rises with each transition. An admission of an older generation can change nothing any more. */
  readonly generation: number;
  /** Consecutive failures that were counted. */
  readonly failures: number;
  readonly phase:
    | { readonly kind: 'closed' }
    | { readonly kind: 'open'; readonly untilMs: number; readonly breakMs: number }
    /** One probe is under way; when its lease ends without a result, it has failed. */
    | { readonly kind: 'half-open'; readonly leaseUntilMs: number; readonly breakMs: number };
}

/** The permission for one attempt. */
export interface Admission {
  readonly generation: number;
  readonly probe: boolean;
}

export type Verdict =
  | { readonly admitted: true; readonly admission: Admission }
  | { readonly admitted: false; readonly retryAfterMs: number };

/**
 * - `success`: the store answered and the answer was good
 * - `failure`: the store is down
 * - `answered`: the store is up, what it holds is bad: a probe has learned what it wanted, otherwise nothing changes
 * - `neither`: the attempt was given up by its caller and says nothing
 */
export type AttemptOutcome = 'success' | 'failure' | 'answered' | 'neither';

export const closedBreaker: Breaker = { generation: 0, failures: 0, phase: { kind: 'closed' } };

/**
 * Asks for one attempt. `force` makes it the probe although the break has not passed; it never makes a second probe.
 */
export function admit(
  breaker: Breaker,
  settings: BreakerSettings,
  leaseMs: number,
  nowMs: number,
  force = false,
): readonly [Breaker, Verdict] {
  const current = endLease(breaker, settings, nowMs);
  const { phase, generation } = current;
  switch (phase.kind) {
    case 'closed':
      return [current, { admitted: true, admission: { generation, probe: false } }];
    case 'open': {
      if (nowMs < phase.untilMs && !force) {
        return [current, { admitted: false, retryAfterMs: phase.untilMs - nowMs }];
      }
      const probing: Breaker = {
        ...current,
        generation: generation + 1,
        phase: { kind: 'half-open', leaseUntilMs: nowMs + leaseMs, breakMs: phase.breakMs },
      };
      return [probing, { admitted: true, admission: { generation: probing.generation, probe: true } }];
    }
    case 'half-open':
      return [current, { admitted: false, retryAfterMs: phase.leaseUntilMs - nowMs }];
  }
}

/** Takes the outcome of an admitted attempt. One from before the last transition changes nothing (F39). */
export function settle(
  breaker: Breaker,
  admission: Admission,
  outcome: AttemptOutcome,
  settings: BreakerSettings,
  nowMs: number,
): Breaker {
  const current = endLease(breaker, settings, nowMs);
  if (admission.generation !== current.generation) return current;
  const { phase } = current;
  switch (phase.kind) {
    case 'open':
      return current;
    case 'closed':
      if (outcome === 'success') return current.failures === 0 ? current : { ...current, failures: 0 };
      if (outcome !== 'failure') return current;
      return current.failures + 1 >= settings.failureThreshold
        ? open(current, current.failures + 1, settings.recoveryTimeoutMs, nowMs)
        : { ...current, failures: current.failures + 1 };
    case 'half-open':
      if (outcome === 'failure')
        return open(current, current.failures + 1, nextBreakMs(phase.breakMs, settings), nowMs);
      if (outcome === 'neither') {
        // The slot is free again at once, and the break is as long as it was.
        return {
          ...current,
          generation: current.generation + 1,
          phase: { kind: 'open', untilMs: nowMs, breakMs: phase.breakMs },
        };
      }
      return { generation: current.generation + 1, failures: 0, phase: { kind: 'closed' } };
  }
}

/** Closes it and forgets its failures; what is under way can no longer change it. */
export function resetBreaker(breaker: Breaker): Breaker {
  return { generation: breaker.generation + 1, failures: 0, phase: { kind: 'closed' } };
}

/** What it is called at this moment: open until the probe runs, half-open only while it runs. */
export function breakerStateAt(breaker: Breaker, nowMs: number): BreakerStateName {
  const { phase } = breaker;
  return phase.kind === 'half-open' && nowMs >= phase.leaseUntilMs ? 'open' : phase.kind;
}

/** Milliseconds until a probe is admitted; null unless it is open. */
export function retryAfterMs(breaker: Breaker, settings: BreakerSettings, nowMs: number): number | null {
  const { phase } = endLease(breaker, settings, nowMs);
  return phase.kind === 'open' ? Math.max(0, phase.untilMs - nowMs) : null;
}

/** A probe whose lease is over failed at that moment (F38). */
function endLease(breaker: Breaker, settings: BreakerSettings, nowMs: number): Breaker {
  const { phase } = breaker;
  if (phase.kind !== 'half-open' || nowMs < phase.leaseUntilMs) return breaker;
  return open(breaker, breaker.failures + 1, nextBreakMs(phase.breakMs, settings), phase.leaseUntilMs);
}

function open(breaker: Breaker, failures: number, breakMs: number, atMs: number): Breaker {
  return { generation: breaker.generation + 1, failures, phase: { kind: 'open', untilMs: atMs + breakMs, breakMs } };
}

function nextBreakMs(breakMs: number, { growth, maxRecoveryTimeoutMs }: BreakerSettings): number {
  return Math.min(maxRecoveryTimeoutMs, breakMs * growth);
}
