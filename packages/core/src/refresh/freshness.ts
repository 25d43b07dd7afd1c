import type { Revision } from '../document/revision.ts';
import type { StoreErrorReason } from '../ports/store-error.ts';
import type { LostWrites } from './lost-writes.ts';
import type { Origin } from './snapshot.ts';

/**
 * - `fresh`: verified in time by the primary source
 * - `degraded`: verified in time, but by a fallback source
 * - `stale`: verified too long ago, or not by a source yet (cache, bootstrap)
 * - `never`: there is no document; callers get their own fallbacks
 */
export type FreshnessState = 'fresh' | 'degraded' | 'stale' | 'never';

export type BreakerStateName = 'closed' | 'open' | 'half-open';

/** `none`: this client has no feed, or its mode uses none. */
export type FeedState = 'none' | 'connecting' | 'up' | 'down';

export type RefreshFailureReason =
  | StoreErrorReason
  | 'circuit_breaker_open'
  | 'invalid_document'
  | 'older_revision'
  | 'closed';

export interface RefreshProblem {
  readonly reason: RefreshFailureReason;
  /** For people. Holds no secret and no payload. */
  readonly message: string;
  /** Name of the source or feed. */
  readonly source: string;
  /** Unix milliseconds. */
  readonly atMs: number;
  /** The patience that the store asked for, in milliseconds, where it named some. */
  readonly retryAfterMs?: number;
}

/** A document that a source holds, as far as is known, and that was refused. */
export interface RejectedDocument {
  readonly source: string;
  readonly revision: Revision | undefined;
  readonly message: string;
  /** Unix milliseconds of the first refusal. */
  readonly atMs: number;
}

/**
 * How far the served flags can be trusted, at one moment. Health, events, metrics, the log and evaluation details all
 * read this one value, so no two of them disagree.
 */
export interface Freshness {
  readonly state: FreshnessState;
  readonly revision: Revision | undefined;
  readonly origin: Origin | undefined;
  /** When the served document was read (Unix milliseconds), or null without one. */
  readonly fetchedAtMs: number | null;
  /** When a source last confirmed it (Unix milliseconds), or null if none has. */
  readonly verifiedAtMs: number | null;
  /** Milliseconds since a source last confirmed it, or null if none has. */
  readonly ageMs: number | null;
  /** The age at which it counts as stale, in milliseconds. */
  readonly staleAfterMs: number;
  /** The wall clock jumped ahead unexplained: stale until a refresh lands, even if the age is small. */
  readonly clockUncertain: boolean;
  /** When the served document was published (Unix milliseconds), if the store says. */
  readonly publishedAtMs: number | null;
  /**
   * Milliseconds since it was published, by the store's own clock where that is known; null if the store does not say.
   */
  readonly publicationAgeMs: number | null;
  /** The store's clock minus ours in milliseconds, when the store tells its time. */
  readonly clockOffsetMs: number | null;
  readonly breaker: {
    readonly state: BreakerStateName;
    /** Consecutive failures that the breaker counted. */
    readonly failures: number;
    /** Milliseconds until the next probe is admitted; null unless open. */
    readonly retryAfterMs: number | null;
  };
  readonly feed: FeedState;
  /** Refreshes in a row that did not verify the document. */
  readonly refreshFailures: number;
  /** The last thing that went wrong, or null when everything since went well. */
  readonly lastError: RefreshProblem | null;
  readonly rejected: RejectedDocument | null;
  /** What a store was last found to have lost (F90), or null when it was nothing since this client started. */
  readonly lostWrites: LostWrites | null;
}
