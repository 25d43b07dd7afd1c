import type { Revision } from '../document/revision.ts';

/** Keeps the last known good document where the next process can find it. */
export interface SnapshotCache {
  /** Short name for people. Holds no secret. */
  readonly name: string;
  /**
   * The document that was saved last, or `undefined` when there is none. Rejects with a `StoreError` when it is
   * unreadable.
   */
  load(signal: AbortSignal): Promise<CachedSnapshot | undefined>;
  /** Replaces what was saved before, whole or not at all. Rejects with a `StoreError`. */
  save(snapshot: CachedSnapshot, signal: AbortSignal): Promise<void>;
}

export interface CachedSnapshot {
  readonly text: string;
  readonly revision: Revision;
  /** Name of the source that gave it. */
  readonly source: string;
  /** When that source had confirmed it as it was saved (Unix milliseconds). It may have done so since. */
  readonly verifiedAtMs: number;
}
