import { nextState } from '../refresh/decide.ts';
import type { RefreshProblem } from '../refresh/freshness.ts';
import { type Moment, stampBefore } from '../refresh/moment.ts';
import type { Snapshot } from '../refresh/snapshot.ts';
import type { State } from '../refresh/state.ts';
import type { FlagDocument } from '../document/types.ts';
import { breakerHere, type SharedSnapshot, type Update } from './update.ts';

/** What a follower knows after an update, and what it has to tell. */
export function mirror(state: State, update: Update, now: Moment): ReturnType<typeof nextState> {
  const { served, verifiedAgeMs, breaker, monotonicMs, rejected, lostWrites, ...rest } = update;
  return nextState(
    state,
    {
      ...rest,
      phase: 'running',
      served: snapshotOf(state, served, now),
      verifiedAt: verifiedAgeMs === undefined ? undefined : stampBefore(now, verifiedAgeMs),
      breaker: breakerHere(breaker, monotonicMs, now.monotonicMs),
      rejected: knownOr(state.rejected, rejected),
      lostWrites: knownOr(state.lostWrites, lostWrites),
    },
    now,
  );
}

/** The other client is gone with its feed, as if it had been closed; its thread may have died without a word. */
export function bereft(state: State, problem: RefreshProblem, now: Moment): ReturnType<typeof nextState> {
  return nextState(state, { lastError: problem, feed: 'none', feedError: undefined }, now);
}

/** What time alone has changed since. */
export function lookAgain(state: State, now: Moment): ReturnType<typeof nextState> {
  return nextState(state, {}, now);
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
