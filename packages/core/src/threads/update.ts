import type { Breaker } from '../refresh/breaker.ts';
import type { FeedState, RefreshProblem } from '../refresh/freshness.ts';
import type { LostWrites } from '../refresh/lost-writes.ts';
import { elapsedSince, type Stamp } from '../refresh/moment.ts';
import type { Origin } from '../refresh/snapshot.ts';
import type { RefreshResult } from '../refresh/protocol.ts';
import type { Settings } from '../refresh/settings.ts';
import type { CacheTrouble, Rejection, State } from '../refresh/state.ts';
import type { Revision } from '../document/revision.ts';
import type { FlagDocument } from '../document/types.ts';

/** What a thread that shares its flags sends. Plain values only: they cross by structured clone. */
export type SharerMessage =
  | { readonly kind: 'update'; readonly update: Update }
  | { readonly kind: 'answer'; readonly request: number; readonly result: RefreshResult }
  | { readonly kind: 'closed' };

/** What a thread that follows sends. */
export type FollowerMessage =
  | { readonly kind: 'join' }
  | { readonly kind: 'leave' }
  | { readonly kind: 'refresh'; readonly request: number; readonly force: boolean }
  | { readonly kind: 'reset-breaker' };

/** The state of the sharing client at one moment. Times are ages: the threads' clocks have different zeros. */
export interface Update {
  readonly settings: Settings;
  readonly served: SharedSnapshot | undefined;
  readonly verifiedAgeMs: number | undefined;
  readonly breaker: Breaker;
  /** The sharer's monotonic clock, by which the breaker's times are to be read. */
  readonly monotonicMs: number;
  readonly feed: FeedState;
  readonly feedError: RefreshProblem | undefined;
  /** Without the document that could not be saved, which is the sharer's to save. */
  readonly cacheTrouble: CacheTrouble | undefined;
  readonly refreshFailures: number;
  readonly lastError: RefreshProblem | undefined;
  readonly rejected: Rejection | undefined;
  readonly lostWrites: LostWrites | undefined;
  readonly clockOffsetMs: number | undefined;
}

export interface SharedSnapshot {
  /** Undefined when the follower has this document already. */
  readonly document: FlagDocument | undefined;
  readonly bytes: number;
  readonly revision: Revision | undefined;
  readonly origin: Origin;
  readonly source: number | undefined;
  readonly fetchedAgeMs: number;
  readonly publishedAtMs: number | undefined;
  readonly savedAtMs: number | undefined;
}

/** The update that brings a follower from `known`, the last state it was told of, to `state`. */
export function updateOf(state: State, known: State | undefined, now: Stamp): Update {
  const { served, settings, breaker, feed, refreshFailures, lastError, rejected, clockOffsetMs, verifiedAt } = state;
  return {
    settings,
    served:
      served === undefined
        ? undefined
        : {
            document: served.document === known?.served?.document ? undefined : served.document,
            bytes: served.bytes,
            revision: served.revision,
            origin: served.origin,
            source: served.source,
            fetchedAgeMs: elapsedSince(served.fetchedAt, now).ms,
            publishedAtMs: served.publishedAtMs,
            savedAtMs: served.savedAtMs,
          },
    verifiedAgeMs: verifiedAt === undefined ? undefined : elapsedSince(verifiedAt, now).ms,
    breaker,
    monotonicMs: now.monotonicMs,
    feed,
    feedError: state.feedError,
    cacheTrouble: state.cacheTrouble && { ...state.cacheTrouble, unsaved: undefined },
    refreshFailures,
    lastError,
    rejected,
    lostWrites: state.lostWrites,
    clockOffsetMs,
  };
}

/** The breaker with its times on this thread's monotonic clock. */
export function breakerHere(breaker: Breaker, theirsMs: number, oursMs: number): Breaker {
  const { phase } = breaker;
  const shift = oursMs - theirsMs;
  switch (phase.kind) {
    case 'closed':
      return breaker;
    case 'open':
      return { ...breaker, phase: { ...phase, untilMs: phase.untilMs + shift } };
    case 'half-open':
      return { ...breaker, phase: { ...phase, leaseUntilMs: phase.leaseUntilMs + shift } };
  }
}
