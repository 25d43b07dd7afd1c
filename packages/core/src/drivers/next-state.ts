import { announceDifferences } from '../refresh/announcements.ts';
import { tellFreshness } from '../refresh/reports.ts';
import { noteFreshness } from '../refresh/stale-timer.ts';
import type { State } from '../refresh/state.ts';
import type { Turn } from '../refresh/turn.ts';

/**
 * The state with these changes, which a driver has from elsewhere, and what listeners and the log are told of the
 * difference. Pure, like `decide`, which it takes the place of.
 */
export function nextState(
  state: State,
  changes: Partial<State>,
  now: Turn['now'],
): readonly [state: State, commands: Turn['commands']] {
  const turn: Turn = { state: { ...state, ...changes }, commands: [], now, signals: undefined };
  noteFreshness(turn);
  announceDifferences(turn, state);
  // What else there is to log, and all metrics, belong to whom the changes come from.
  tellFreshness(turn, state);
  return [turn.state, turn.commands];
}
