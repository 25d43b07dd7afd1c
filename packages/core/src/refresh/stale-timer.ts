import { judgeFreshness } from './staleness.ts';
import { clearTimer, setTimer, type Turn } from './turn.ts';

/** Notes how far the flags can be trusted now (`staleness.ts`), and sets the timer for when that changes by itself. */
export function noteFreshness(turn: Turn): void {
  const { state, now } = turn;
  const { served, verifiedAt, settings } = state;
  const { staleAfterMs } = settings;
  const { state: verdict, ageMs } = judgeFreshness({ origin: served?.origin, verifiedAt, staleAfterMs }, now);
  if (ageMs !== null && verdict !== 'stale' && state.phase === 'running') {
    const awakeMs = now.monotonicMs - verifiedAt!.monotonicMs;
    // After a sleep boot time tells the age, in steps of up to a second. Who looks hears the truth at any time, but a
    // timer set for less could ring many times within one step. Else not sooner than in a millisecond: what rounding
    // leaves would ring for ever.
    setTimer(turn, 'stale', now.monotonicMs + Math.max(ageMs > awakeMs ? 1_000 : 1, staleAfterMs - ageMs));
  } else clearTimer(turn, 'stale');
  state.announced = verdict;
}
