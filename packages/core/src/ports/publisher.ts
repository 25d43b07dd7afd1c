import type { Revision } from '../document/revision.ts';
import type { PublicationNote } from './history.ts';

/** The writing role of a store. */
export interface FlagPublisher {
  /** Short name for people. Holds no secret. */
  readonly name: string;
  /**
   * `compare-and-set`: of two publishers with the same expectation one succeeds and the other gets `conflict`.
   * `detect`: the store cannot compare; a lost update is reported afterwards.
   */
  readonly guarantee: 'compare-and-set' | 'detect';
  /**
   * Writes the document when the store still holds `expected` (`absent`: when it holds nothing), then announces it.
   * Resolves with the new revision. Rejects with a `StoreError`: `conflict` when the store holds something else,
   * `invalid` when the text is not a flag document, or the note cannot be kept. A store with a history writes an entry
   * with what `note` says; others leave the note unread.
   */
  publish(
    text: string,
    expected: Revision | 'absent',
    signal: AbortSignal,
    note?: PublicationNote,
  ): Promise<PublishedRevision>;
  /**
   * Writes the document without comparing it with what the store holds. A store that counts takes a new epoch, as with
   * each publication, so that every client adopts it even when its version is lower than the one it serves (F13).
   */
  restore(text: string, signal: AbortSignal, note?: PublicationNote): Promise<PublishedRevision>;
  /** Releases what this publisher opened itself, and nothing that was handed to it. Idempotent. */
  close(): Promise<void>;
}

/** The new revision, and what its publisher noticed about the store meanwhile. */
export type PublishedRevision = Revision & { readonly warnings?: readonly PublishWarning[] };

/** Something that a person who published should know. The document was written all the same. */
export interface PublishWarning {
  /**
   * `lost-writes`: the store no longer held what it had confirmed before (F90), which is certain. `store-restarted`: it
   * was restarted or failed over since the publication before this one, so later ones may be lost. `store-clock`: its
   * clock went back or is far off, so that clients may ignore this publication for a while. `missing-right`: the
   * publisher may not do something that it can do without; the message names the right.
   */
  readonly kind: 'lost-writes' | 'store-restarted' | 'store-clock' | 'missing-right';
  /** For people. Holds no secret. */
  readonly message: string;
}
