/** What a client with a background does by itself at its start, after each flight, and at its end. */
import { startFeed } from './feed.ts';
import { beginRefresh } from './flight.ts';
import { saveAgain } from './cache-saves.ts';
import { scheduleNotices } from './notices.ts';
import { CLOSED } from './protocol.ts';
import type { Turn } from './turn.ts';

export function startBackground(turn: Turn): void {
  if (turn.state.settings.hasCache) turn.commands.push({ kind: 'load-cache' });
  beginRefresh(turn, 'start');
  startFeed(turn);
}

/** A flight has ended, and nobody asked for another: what else waited for that is done. */
export function serveWaiting(turn: Turn): void {
  saveAgain(turn);
  scheduleNotices(turn);
}

export function closeBackground(turn: Turn): void {
  const { state, commands } = turn;
  if (state.flight?.read !== undefined) commands.push({ kind: 'abort-read', read: state.flight.read });
  if (state.feed !== 'none') commands.push({ kind: 'unsubscribe', subscription: state.subscription });
  const requests = [...(state.flight?.requests ?? []), ...(state.trailing?.requests ?? [])];
  if (requests.length > 0) commands.push({ kind: 'answer', requests, result: CLOSED });
  state.phase = 'closed';
  state.timers = {};
  state.flight = undefined;
  state.trailing = undefined;
  state.notices = undefined;
  state.feed = 'none';
  state.feedError = undefined;
}
