import type { Revision } from '../document/revision.ts';
import type { HistoryEntry } from '../history/entry.ts';

/** Who publishes, and why: what the store's history says of a publication. */
export interface PublicationNote {
  /** One line of 1 to 200 characters: a name, an address, a service. */
  readonly actor: string;
  /** Who vouches for the actor: the name of a token or an issuer. Default `claimed`: nobody does. */
  readonly authenticatedBy?: string;
  /** How it came. Default `api`. */
  readonly via?: 'api' | 'cli' | 'ui' | 'file';
  /** At most 2,000 characters. */
  readonly comment?: string;
  /** The keys of the flags that change, by which entries are found: at most 100, of the first ones. */
  readonly flags?: readonly string[];
  /** What was asked for, as JSON. Of more than 8,000 characters only the number is kept. */
  readonly instructions?: readonly unknown[];
  /** Of the request that this fulfils. */
  readonly requestId?: string;
}

export interface HistoryQuery {
  /** Only entries with lower numbers. */
  readonly beforeSeq?: number;
  /** 1 to 1,000. Default 50. */
  readonly limit?: number;
  /** Only entries that name this flag. */
  readonly flag?: string;
  readonly actor?: string;
  /** Unix milliseconds, inclusive. */
  readonly sinceMs?: number;
  /** Unix milliseconds, exclusive. */
  readonly untilMs?: number;
}

export interface HistoryPage {
  /** Newest first. */
  readonly entries: readonly HistoryEntry[];
  /** Hand this over as `beforeSeq` for older ones; undefined at the end. */
  readonly olderThan?: number;
  /** Places that hold no entry that can be read, in words. */
  readonly unreadable: readonly string[];
}

/** The reading role of a store that remembers who changed what. Publishers write it, with the document. */
export interface FlagHistory {
  /** Short name for people. Holds no secret. */
  readonly name: string;
  /** Rejects with a `StoreError`. A store that has none yet gives an empty page. */
  entries(query: HistoryQuery, signal: AbortSignal): Promise<HistoryPage>;
  /** The document of a revision, letter for letter; undefined where it is not kept, or not any more. */
  textOf(revision: Revision, signal: AbortSignal): Promise<string | undefined>;
  /** Releases what this role opened itself. Idempotent. */
  close(): Promise<void>;
}
