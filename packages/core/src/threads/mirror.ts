import { announceDifferences } from '../refresh/announcements.ts';
import type { Command } from '../refresh/protocol.ts';
import type { RefreshProblem } from '../refresh/freshness.ts';
import { type Moment, stampBefore } from '../refresh/moment.ts';
import type { Snapshot } from '../refresh/snapshot.ts';
import type { State } from '../refresh/state.ts';
import { noteFreshness } from '../refresh/staleness.ts';
import { tellFreshness } from '../refresh/reports.ts';
import type { Turn } from '../refresh/turn.ts';
import type { FlagDocument } from '../document/types.ts';
import { breakerHere, type SharedSnapshot, type Update } from './update.ts';

/** What a follower knows after an update, and what it has to tell. Pure, like `decide`, which it takes the place of. */
export function mirror(state: State, update: Update, now: Moment): readonly [State, readonly Command[]] {
  const turn = beginTurn(state, now);
  turn.state.phase = 'running';
  turn.state.settings = update.settings;
  turn.state.served = snapshotOf(state, update.served, now);
  turn.state.verifiedAt = update.verifiedAgeMs === undefined ? undefined : stampBefore(now, update.verifiedAgeMs);
  turn.state.breaker = breakerHere(update.breaker, update.monotonicMs, now.monotonicMs);
  turn.state.feed = update.feed;
  turn.state.feedError = update.feedError;
  turn.state.cacheTrouble = update.cacheTrouble;
  turn.state.refreshFailures = update.refreshFailures;
  turn.state.lastError = update.lastError;
  turn.state.rejected = knownOr(state.rejected, update.rejected);
  turn.state.lostWrites = knownOr(state.lostWrites, update.lostWrites);
  turn.state.clockOffsetMs = update.clockOffsetMs;
  return endTurn(turn, state);
}

/** The other client is gone, and with it its feed: as if it had been closed, though its thread may have died without a word. */
export function bereft(state: State, problem: RefreshProblem, now: Moment): readonly [State, readonly Command[]] {
  const turn = beginTurn(state, now);
  turn.state.lastError = problem;
  turn.state.feed = 'none';
  turn.state.feedError = undefined;
  return endTurn(turn, state);
}

/** What time alone has changed since. */
export function lookAgain(state: State, now: Moment): readonly [State, readonly Command[]] {
  return endTurn(beginTurn(state, now), state);
}

function beginTurn(state: State, now: Moment): Turn {
  return { state: { ...state }, commands: [], now, signals: undefined };
}

function endTurn(turn: Turn, before: State): readonly [State, readonly Command[]] {
  noteFreshness(turn);
  announceDifferences(turn, before);
  // What else there is to log is the other thread's, and all metrics are.
  tellFreshness(turn, before);
  return [turn.state, turn.commands];
}

/** An update brings copies. What was told already stays the same value, or it would be told again with each of them. */
function knownOr<T extends object>(known: T | undefined, sent: T | undefined): T | undefined {
  return JSON.stringify(known) === JSON.stringify(sent) ? known : sent;
}

function snapshotOf(state: State, shared: SharedSnapshot | undefined, now: Moment): Snapshot | undefined {
  if (shared === undefined) return undefined;
  const { document: sent, fetchedAgeMs, ...rest } = shared;
  const document = sent === undefined ? state.served?.document : withoutPrototypes(sent);
  if (document === undefined) return undefined;
  return { ...rest, document, fetchedAt: stampBefore(now, fetchedAgeMs) };
}

/** A clone gives the tables of flags and segments a prototype again, which a key could meet. */
function withoutPrototypes(document: FlagDocument): FlagDocument {
  const bare = <Table extends object>(table: Table): Table => Object.assign(Object.create(null) as Table, table);
  const { flags, segments } = document;
  return { ...document, flags: bare(flags), ...(segments !== undefined && { segments: bare(segments) }) };
}
