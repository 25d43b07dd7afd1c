import type { CountedRevision, Revision } from '../document/revision.ts';
import type { SetAside } from '../document/types.ts';

/** The reading role of a store. */
export interface FlagSource {
  /** Short name for people: it is the origin in health, log and metrics. Holds no secret. */
  readonly name: string;
  /**
   * Reads the document, or says that it is still the one at `known`. One call is one attempt: the caller sets the
   * deadline through `signal`, retries and counts. Rejects with a `StoreError` only.
   *
   * `announced` is a hint: a feed has just named this revision, it is not `known`, and the last revision that was named
   * was there. A source that asks for the revision first may read the document at once.
   */
  read(known: Revision | undefined, signal: AbortSignal, announced?: Revision): Promise<ReadResult>;
  /** Releases what this source opened itself, and nothing that was handed to it. Idempotent. */
  close(): Promise<void>;
}

export type ReadResult = Unchanged | ReadDocument;

interface Reading {
  /** The revision that the store holds now. */
  readonly revision: Revision;
  /** When that revision was published (Unix milliseconds), when the store knows. */
  readonly publishedAtMs?: number;
  /** The store's clock at the moment of answering (Unix milliseconds), when it says. */
  readonly storeTimeMs?: number;
  /**
   * How long ago the store itself was asked, in milliseconds, when something stands between that answers from memory:
   * the `Age` of an HTTP cache. The flags are that much older than this reading. Default 0.
   */
  readonly ageMs?: number;
}

export interface Unchanged extends Reading {
  readonly kind: 'unchanged';
}

export interface ReadDocument extends Reading {
  readonly kind: 'document';
  /** The whole document as text. Sources do not decode: one decoder gives every store the same verdict. */
  readonly text: string;
  /**
   * The source knows that this is all the store holds: it read a file to its end, or checked a hash. Text that breaks
   * off is then a bad document, and not a sign that the store is down.
   */
  readonly complete?: boolean;
  /**
   * The store holds an entry for each flag, which is a publication of its own, and this text was put together from all
   * of them. So one that is wrong is set aside, and the others are used, also after better ones were served (F65). Left
   * out where the document is published as a whole: one with a mistake is then refused while there is a last good one.
   */
  readonly perFlag?: {
    /**
     * Entries of which no flag could be made; null stands for each in the text. The problem names the entry as the
     * store does, and shows no value.
     */
    readonly unreadable: readonly SetAside[];
  };
  /**
   * The publications that this one stands on, newest first, where the store counts and remembers them: about the last
   * 32. What this source gave before that is newer than the last of them and not among them was lost by the store
   * (F90). A store that was empty before its first publication ends the list with epoch 0, version 0. Left out where
   * nothing is known.
   */
  readonly ancestors?: readonly CountedRevision[];
}
