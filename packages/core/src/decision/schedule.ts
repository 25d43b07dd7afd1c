import { atLeast, backoffMs, jittered } from './backoff.ts';
import { retryAfterMs } from './breaker.ts';
import { FIRST_BACKOFF_MS, pauseMs } from './settings.ts';
import type { State } from './state.ts';
import { clearTimer, setTimer, type Turn } from './turn.ts';

/** Sets the tick to the next scheduled read, or to none. During a flight there is none: it is set when the flight ends. */
export function backToSchedule(turn: Turn): void {
  const { state, now } = turn;
  if (state.flight !== undefined || state.phase !== 'running') return;
  const delayMs = nextTickMs(state, now.monotonicMs, now.random);
  if (delayMs === undefined) return clearTimer(turn, 'tick');
  const delayedMs = Math.max(delayMs, state.notBeforeMs - now.monotonicMs);
  setTimer(turn, 'tick', now.monotonicMs + delayedMs);
}

function nextTickMs(state: State, nowMs: number, random: number): number | undefined {
  const { settings, breaker, refreshFailures, verifiedAt } = state;
  const pause = pauseMs(settings);
  const waiting = verifiedAt === undefined;
  // Mode `none` makes one read, tried again until it lands.
  if (pause === undefined && !waiting) return undefined;
  const breakMs = retryAfterMs(breaker, settings.breaker, nowMs);
  if (breakMs !== null) return atLeast(breakMs, random);
  const longest = pause ?? settings.intervalMs;
  if (refreshFailures > 0 && (waiting || storeIsFailing(state))) {
    return backoffMs(refreshFailures, Math.min(FIRST_BACKOFF_MS, longest), longest, random);
  }
  return jittered(longest, settings.jitter, random);
}

/** The last failure said that the store is down, and not that it holds something bad. */
function storeIsFailing({ breaker }: State): boolean {
  return breaker.failures > 0;
}
