import { judgeFreshness } from './staleness.ts';
import type { Revision } from '../document/revision.ts';
import type { CachedSnapshot } from '../ports/snapshot-cache.ts';
import {
  type Admission,
  type AttemptOutcome,
  type Breaker,
  breakerStateAt,
  closedBreaker,
  retryAfterMs,
} from './breaker.ts';
import {
  type FeedState,
  type Freshness,
  type FreshnessState,
  type RefreshProblem,
  type RejectedDocument,
} from './freshness.ts';
import type { LostWrites } from './lost-writes.ts';
import type { Moment, Stamp } from './moment.ts';
import type { DocumentRead, TimerName } from './protocol.ts';
import type { Settings } from './settings.ts';
import type { Snapshot } from './snapshot.ts';

/**
 * When each timer is due, in monotonic milliseconds; absent when it does not run. Decisions state what they want and
 * the driver makes it so: there is no timer that a decision does not know of.
 */
export type Timers = Readonly<Partial<Record<TimerName, number>>>;

/** All that a client knows. `decide` makes the next one, or `nextState` where another client has decided. */
export interface State {
  readonly settings: Settings;
  readonly phase: 'new' | 'running' | 'closed';
  readonly timers: Timers;

  readonly served?: Snapshot | undefined;
  /** When a source last confirmed the served document. */
  readonly verifiedAt?: Stamp | undefined;
  /**
   * The newest revision that each source was seen to hold, by its index: below it nothing is adopted from that source.
   */
  readonly lineages: readonly (Revision | undefined)[];
  /** The document that each source was refused, by its index, so that it is not downloaded again. */
  readonly rejections: readonly (Rejection | undefined)[];
  /**
   * What each source answered with last, by its index, where that was older than its lineage: it is not downloaded
   * again either.
   */
  readonly ignored: readonly (Revision | undefined)[];
  /** The one that is told: the first among those of the sources that were asked last, which hold it still. */
  readonly rejected?: Rejection | undefined;
  /** What a store was last found to have lost. */
  readonly lostWrites?: LostWrites | undefined;
  /** The store's clock minus ours. */
  readonly clockOffsetMs?: number | undefined;

  readonly breaker: Breaker;
  readonly flight?: Flight | undefined;
  /** What arrived during the flight and will be answered by exactly one more. */
  readonly trailing?: Trailing | undefined;
  /** Refreshes in a row that did not verify the served document. */
  readonly refreshFailures: number;
  readonly lastError?: RefreshProblem | undefined;
  /** The store asked for no read before this monotonic time. */
  readonly notBeforeMs: number;

  readonly feed: FeedState;
  /** The present subscription; events of earlier ones are not listened to. */
  readonly subscription: number;
  readonly feedRefusals: number;
  /** Why the feed is down; undefined while it is not. */
  readonly feedError?: RefreshProblem | undefined;
  readonly notices?: Notices | undefined;
  /**
   * The last read that answered notices which named a revision brought nothing new: they are believed less until one
   * does.
   */
  readonly announcedInVain?: boolean | undefined;
  /** Monotonic time at which the last read that notices asked for began. */
  readonly lastNoticeReadMs?: number | undefined;

  /** What is wrong with the last-known-good cache, until a save succeeds. */
  readonly cacheTrouble?: CacheTrouble | undefined;
  /** Loads and saves of the cache that failed so far. */
  readonly cacheErrors?: number | undefined;

  /** What listeners were told last. */
  readonly announced: FreshnessState;
  /** The failure that was logged last, so that the same one is not logged each time. */
  readonly failureLog?: FailureLog | undefined;
  /** Numbers given to reads so far. */
  readonly reads: number;
}

/** A refresh under way: attempts at the sources in turn, under one deadline. */
export interface Flight {
  readonly trigger: Trigger;
  readonly admission: Admission;
  readonly requests: readonly number[];
  /** What the notices named that this flight answers. */
  readonly announced: Revision | undefined;
  readonly deadlineMs: number;
  readonly attempt: 1 | 2;
  /** The read under way; undefined while the second attempt is waited for. */
  readonly read: number | undefined;
  readonly source: number;
  readonly readBeganAt: Stamp;
  /** What went wrong at the sources that were tried in this attempt. */
  readonly failures: readonly SourceFailure[];
}

export interface SourceFailure {
  readonly source: number;
  readonly problem: RefreshProblem;
  /**
   * What the breaker learns: the store is down, or it answered with something bad, or with less than it held before.
   */
  readonly outcome: Exclude<AttemptOutcome, 'neither'>;
  readonly retryable: boolean;
  readonly retryAfterMs: number | undefined;
  /** What is left of the document that was refused, and the read that brought it. */
  readonly rest?: { readonly reading: DocumentRead; readonly flight: Flight };
}

/** Why a refresh is made. */
export type Trigger = 'start' | 'tick' | 'notice' | 'subscribed' | 'manual' | 'wake';

export interface Trailing {
  readonly trigger: Trigger;
  readonly requests: readonly number[];
  readonly force: boolean;
}

export interface CacheTrouble {
  readonly problem: RefreshProblem;
  /** Saves in a row that failed. */
  readonly failures: number;
  /** What is to be saved again, and after how many verifications; undefined while it is being saved. */
  readonly unsaved: CachedSnapshot | undefined;
  readonly left: number;
}

/** Notices that no read has answered yet. */
export interface Notices {
  readonly firstMs: number;
  readonly lastMs: number;
  /** The newest revision they named; undefined when one of them named none. */
  readonly revision: Revision | undefined;
  readonly trigger: 'notice' | 'subscribed';
}

export interface Rejection extends RejectedDocument {
  readonly sourceIndex: number;
  /** Whether its content is bad, or its revision cannot be right. A clock that is set right can mend the latter. */
  readonly because: 'document' | 'revision';
  /** What those who ask again are told. */
  readonly reason: 'invalid' | 'too-large';
}

export interface FailureLog {
  readonly problem: RefreshProblem;
  readonly loggedAtMs: number;
  readonly sinceMs: number;
  readonly suppressed: number;
}

export function initialState(settings: Settings): State {
  return {
    settings,
    phase: 'new',
    timers: {},
    lineages: [],
    rejections: [],
    ignored: [],
    breaker: closedBreaker,
    refreshFailures: 0,
    notBeforeMs: Number.NEGATIVE_INFINITY,
    feed: 'none',
    subscription: 0,
    feedRefusals: 0,
    announced: 'never',
    reads: 0,
  };
}

/** The one public value on how far the flags can be trusted, as a pure function of (state, now). */
export function freshnessOf(state: State, now: Pick<Moment, 'monotonicMs' | 'wallMs' | 'bootMs'>): Freshness {
  const { served, verifiedAt, settings, breaker, clockOffsetMs, rejected, lostWrites } = state;
  const verdict = judgeFreshness({ origin: served?.origin, verifiedAt, staleAfterMs: settings.staleAfterMs }, now);
  const publishedAtMs = served?.publishedAtMs ?? null;
  return {
    ...verdict,
    revision: served?.revision,
    origin: served?.origin,
    fetchedAtMs: served?.fetchedAt.wallMs ?? null,
    verifiedAtMs: verifiedAt?.wallMs ?? null,
    staleAfterMs: settings.staleAfterMs,
    publishedAtMs,
    publicationAgeMs: publishedAtMs === null ? null : Math.max(0, now.wallMs + (clockOffsetMs ?? 0) - publishedAtMs),
    clockOffsetMs: clockOffsetMs ?? null,
    breaker: {
      state: breakerStateAt(breaker, now.monotonicMs),
      failures: breaker.failures,
      retryAfterMs: retryAfterMs(breaker, settings.breaker, now.monotonicMs),
    },
    feed: state.feed,
    refreshFailures: state.refreshFailures,
    lastError: state.lastError ?? null,
    rejected: rejected ?? null,
    lostWrites: lostWrites ?? null,
  };
}
