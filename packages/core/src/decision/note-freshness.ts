import { judgeFreshness } from './freshness.ts';
import { clearTimer, setTimer, type Turn } from './turn.ts';

/** Notes how far the flags can be trusted now, and sets when that will change by itself. */
export function noteFreshness(turn: Turn): void {
  const { state, now } = turn;
  const { served, verifiedAt, settings } = state;
  const { staleAfterMs } = settings;
  const { state: verdict, ageMs } = judgeFreshness({ origin: served?.origin, verifiedAt, staleAfterMs }, now);
  const lasting = (verdict === 'fresh' || verdict === 'degraded') && ageMs !== null && state.phase === 'running';
  // Not sooner than in a millisecond: what rounding leaves of the wait would ring for ever.
  if (lasting) setTimer(turn, 'stale', now.monotonicMs + Math.max(1, settings.staleAfterMs - ageMs));
  else clearTimer(turn, 'stale');
  state.announced = verdict;
}
