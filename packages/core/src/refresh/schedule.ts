import { retryAfterMs } from './breaker.ts';
import type { RefreshFailureReason } from './freshness.ts';
import type { Moment } from './moment.ts';
import { type Beat, nextPauseMs } from './rhythm.ts';
import type { State } from './state.ts';
import { clearTimer, setTimer, type Turn } from './turn.ts';

/** Sets the tick to the next scheduled read, or to none. During a flight there is none: its end sets it. */
export function backToSchedule(turn: Turn): void {
  const { state, now } = turn;
  if (state.flight !== undefined || state.phase !== 'running') return;
  const pauseMs = nextPauseMs(state.settings, beatOf(state, now));
  if (pauseMs === undefined) return clearTimer(turn, 'tick');
  setTimer(turn, 'tick', now.monotonicMs + pauseMs);
}

/** The same, where nothing was read: what is scheduled already is not put off. */
export function scheduleSooner(turn: Turn): void {
  const scheduledMs = turn.state.timers.tick;
  backToSchedule(turn);
  const { tick } = turn.state.timers;
  if (scheduledMs !== undefined && tick !== undefined && scheduledMs < tick) setTimer(turn, 'tick', scheduledMs);
}

/** What the rhythm is told by a client in this state. */
export function beatOf(state: State, { monotonicMs, random }: Pick<Moment, 'monotonicMs' | 'random'>): Beat {
  const { settings, breaker, refreshFailures, verifiedAt, notBeforeMs } = state;
  const waiting = verifiedAt === undefined;
  return {
    breakMs: retryAfterMs(breaker, settings.breaker, monotonicMs),
    failures: waiting || storeIsFailing(state) ? refreshFailures : 0,
    waiting,
    patienceMs: notBeforeMs - monotonicMs,
    random,
  };
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
