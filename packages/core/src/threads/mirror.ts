import { announceDifferences } from '../decision/announce.ts';
import type { Command } from '../decision/command.ts';
import type { Moment } from '../decision/moment.ts';
import { stampBefore } from '../decision/moment.ts';
import type { Decode } from '../decision/read-outcome.ts';
import type { Snapshot } from '../decision/snapshot.ts';
import type { State } from '../decision/state.ts';
import { beginTurn } from '../decision/turn.ts';
import { breakerHere, type SharedSnapshot, type Update } from './update.ts';

/** What a follower knows after an update, and what it has to tell. Pure, like `decide`, which it takes the place of. */
export function mirror(
  state: State,
  update: Update,
  decode: Decode,
  now: Moment,
): readonly [State, readonly Command[]] {
  const turn = beginTurn(state, now);
  turn.state.phase = 'running';
  turn.state.settings = update.settings;
  turn.state.served = snapshotOf(state, update.served, decode, now);
  turn.state.verifiedAt = update.verifiedAgeMs === undefined ? undefined : stampBefore(now, update.verifiedAgeMs);
  turn.state.breaker = breakerHere(update.breaker, update.monotonicMs, now.monotonicMs);
  turn.state.feed = update.feed;
  turn.state.refreshFailures = update.refreshFailures;
  turn.state.lastError = update.lastError;
  turn.state.rejected = update.rejected;
  turn.state.clockOffsetMs = update.clockOffsetMs;
  announceDifferences(turn, state);
  return [turn.state, turn.commands];
}

/** What time alone has changed since. */
export function lookAgain(state: State, now: Moment): readonly [State, readonly Command[]] {
  const turn = beginTurn(state, now);
  announceDifferences(turn, state);
  return [turn.state, turn.commands];
}

function snapshotOf(
  state: State,
  shared: SharedSnapshot | undefined,
  decode: Decode,
  now: Moment,
): Snapshot | undefined {
  if (shared === undefined) return undefined;
  const { document: sent, bytes, revision, origin, source, fetchedAgeMs, publishedAtMs } = shared;
  const facts = { bytes, revision, origin, source, fetchedAt: stampBefore(now, fetchedAgeMs), publishedAtMs };
  if (sent === undefined) return state.served === undefined ? undefined : { ...state.served, ...facts };
  const decoded = decode(sent.text);
  // The sharer serves it, so it was decoded once; if it cannot be here, the last good one stays.
  if (!decoded.ok) return state.served;
  const { document } = decoded;
  return { ...facts, document: sent.setAside.length === 0 ? document : { ...document, setAside: sent.setAside } };
}
