import { retryAfterMs } from './breaker.ts';
import type { RefreshFailureReason } from './freshness.ts';
import { FIRST_BACKOFF_MS, pauseMs } from './settings.ts';
import type { State } from './state.ts';
import { clearTimer, setTimer, type Turn } from './turn.ts';

/** `ms` spread by `jitter` both ways: from `ms * (1 - jitter)` to `ms * (1 + jitter)`. */
export function jittered(ms: number, jitter: number, random: number): number {
  return ms * (1 + jitter * (2 * random - 1));
}

/** Waits out `ms` and up to a tenth more, so that clients that were refused together do not come back together. */
export function atLeast(ms: number, random: number): number {
  return ms * (1 + 0.1 * random);
}

/**
 * Delay before the attempt after `failures` failures in a row (1 or more): `first * 2^(failures-1)`, never above
 * `longest`, of which a random half is waived ("equal jitter": Brooker, Exponential Backoff And Jitter, 2015).
 */
export function jitteredBackoffMs(failures: number, first: number, longest: number, random: number): number {
  const delay = Math.min(longest, first * 2 ** Math.min(failures - 1, 30));
  return delay / 2 + (delay / 2) * random;
}

/**
 * Nobody who waits for the first document waits longer than this between two attempts, however long the interval is.
 */
const LONGEST_FIRST_WAIT_MS = 30_000;

/**
 * Sets the tick to the next scheduled read, or to none. During a flight there is none: it is set when the flight ends.
 */
export function backToSchedule(turn: Turn): void {
  const { state, now } = turn;
  if (state.flight !== undefined || state.phase !== 'running') return;
  const delayMs = nextTickMs(state, now.monotonicMs, now.random);
  if (delayMs === undefined) return clearTimer(turn, 'tick');
  const delayedMs = Math.max(delayMs, state.notBeforeMs - now.monotonicMs);
  setTimer(turn, 'tick', now.monotonicMs + delayedMs);
}

/** The same, where nothing was read: what is scheduled already is not put off. */
export function scheduleSooner(turn: Turn): void {
  const scheduledMs = turn.state.timers.tick;
  backToSchedule(turn);
  const { tick } = turn.state.timers;
  if (scheduledMs !== undefined && tick !== undefined && scheduledMs < tick) setTimer(turn, 'tick', scheduledMs);
}

function nextTickMs(state: State, nowMs: number, random: number): number | undefined {
  const { settings, breaker, refreshFailures, verifiedAt } = state;
  const pause = pauseMs(settings);
  const waiting = verifiedAt === undefined;
  // Mode `none` makes one read, tried again until it lands.
  if (pause === undefined && !waiting) return undefined;
  const breakMs = retryAfterMs(breaker, settings.breaker, nowMs);
  if (breakMs !== null) return atLeast(breakMs, random);
  const usual = pause ?? settings.intervalMs;
  const longest = waiting ? Math.min(usual, LONGEST_FIRST_WAIT_MS) : usual;
  if (refreshFailures > 0 && (waiting || storeIsFailing(state))) {
    return jitteredBackoffMs(refreshFailures, Math.min(FIRST_BACKOFF_MS, longest), longest, random);
  }
  return jittered(usual, settings.jitter, random);
}

/** The last failure said that the store is down, and not that it answered with something bad. */
function storeIsFailing({ lastError }: State): boolean {
  return lastError !== undefined && !ANSWERS.has(lastError.reason);
}

const ANSWERS: ReadonlySet<RefreshFailureReason> = new Set([
  'invalid_document',
  'too-large',
  'not-found',
  'older_revision',
]);
