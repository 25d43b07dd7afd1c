import type { CountedRevision, Revision } from '../document/revision.ts';
import type { FlagDocument } from '../document/types.ts';
import type { Stamp } from './moment.ts';

/** Where the served document came from. `name` is the source's own name, or that of the cache. */
export interface Origin {
  readonly kind: 'primary' | 'fallback' | 'cache' | 'bootstrap';
  readonly name: string;
}

/** A document that was decoded. */
export interface Loaded {
  readonly document: FlagDocument;
  /** Size of the text in bytes of UTF-8; of a bootstrap document, of its JSON. */
  readonly bytes: number;
  /**
   * Of one from the cache: when its source had confirmed it, as it was saved (Unix milliseconds), if the cache says.
   */
  readonly savedAtMs?: number | undefined;
}

/** A document in memory, with where it came from and when. */
export interface Snapshot extends Loaded {
  /** Undefined for a bootstrap document, which no store has numbered. */
  readonly revision?: Revision | undefined;
  /** The publications that it stands on, where its source says. */
  readonly ancestors?: readonly CountedRevision[] | undefined;
  readonly origin: Origin;
  /**
   * Index of the source whose revision this is; undefined for a bootstrap, or a cache of a source that is no longer
   * used.
   */
  readonly source?: number | undefined;
  readonly fetchedAt: Stamp;
  readonly publishedAtMs?: number | undefined;
}
