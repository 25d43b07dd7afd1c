import type { Revision } from '../../document/revision.ts';
import type { BreakerStateName, Freshness, RefreshProblem, RejectedDocument } from '../../refresh/freshness.ts';
import type { LostWrites } from '../../refresh/lost-writes.ts';
import type { Origin } from '../../refresh/snapshot.ts';

/** What a client announces, by name. */
export interface ClientEvents {
  /** There are flags for the first time. */
  readonly ready: { readonly revision: Revision | undefined; readonly origin: Origin };
  /** Another document is served from now on. */
  readonly changed: {
    readonly revision: Revision | undefined;
    readonly origin: Origin;
    /** Keys of flags that were added, removed or differ; sorted. A change to a segment names every flag. */
    readonly keys: readonly string[];
  };
  /** The flags turned stale. Announced on time, though nothing else happens. */
  readonly stale: Freshness;
  /** The flags are fresh (or degraded: see `state`) again, or for the first time. */
  readonly fresh: Freshness;
  /** A refresh failed, or the feed was lost. */
  readonly error: RefreshProblem;
  readonly breaker: { readonly from: BreakerStateName; readonly to: BreakerStateName };
  /** The subscription to the feed was acknowledged, or lost: changes arrive at once, or with the next read. */
  readonly feed: { readonly state: 'up' | 'down' };
  /** A document arrived whole and was refused; the last good one is kept. */
  readonly rejected: RejectedDocument;
  /**
   * The document that is served from now on does not stand on what was served before: the store lost that, and perhaps
   * more (F90). Told once, by each client that had served it. Who listens later asks `health().lost_writes`.
   */
  readonly 'store.lost-writes': LostWrites;
}
