import type { CountedRevision, Revision } from '../document/revision.ts';
import type { Notice } from '../ports/feed.ts';
import type { CachedSnapshot } from '../ports/snapshot-cache.ts';
import type { StoreErrorReason, StoreFailure } from '../ports/store-error.ts';
import type { Loaded } from './snapshot.ts';
import type { TimerName } from './timers.ts';

/** All that can happen to a client. */
export type DecisionEvent =
  | { readonly kind: 'start'; readonly bootstrap: Loaded | undefined }
  | { readonly kind: 'cache-loaded'; readonly cached: CachedDocument | undefined }
  /** The cache could not be read, or not be written. */
  | {
      readonly kind: 'cache-failed';
      /** Left out: `load`. */
      readonly verb?: 'load' | 'save';
      readonly error: Pick<StoreFailure, 'reason' | 'message'>;
      /** What was not saved, where there is a background to save it again. */
      readonly snapshot?: CachedSnapshot;
    }
  | { readonly kind: 'cache-saved' }
  | { readonly kind: 'timer'; readonly timer: TimerName }
  | { readonly kind: 'refresh-asked'; readonly request: number; readonly force: boolean }
  | { readonly kind: 'read-settled'; readonly read: number; readonly outcome: ReadOutcome }
  | { readonly kind: 'feed-acknowledged'; readonly subscription: number }
  | { readonly kind: 'feed-refused'; readonly subscription: number; readonly error: StoreFailure }
  | { readonly kind: 'feed-down'; readonly subscription: number; readonly error: StoreFailure }
  | { readonly kind: 'notice'; readonly subscription: number; readonly notice: Notice }
  | { readonly kind: 'breaker-reset' }
  /** Somebody looked and time has passed: what it brought is announced. */
  | { readonly kind: 'observed' }
  | { readonly kind: 'close' };

export interface CachedDocument {
  readonly loaded: Loaded;
  readonly revision: Revision;
  /** Name of the source that gave it. */
  readonly source: string;
  readonly cache: string;
}

/** What one read of one source came to. */
export type ReadOutcome =
  | ({ readonly kind: 'unchanged' } & Reading)
  | DocumentRead
  /** It arrived whole and is bad, or is not there: the store is up. */
  | {
      readonly kind: 'rejected';
      readonly reason: Extract<StoreErrorReason, 'invalid' | 'too-large' | 'not-found'>;
      readonly message: string;
      readonly revision: Revision | undefined;
      /** What is left of it without what is wrong, when that is something. */
      readonly rest?: DocumentRead;
    }
  /** The store did not give a document: it counts as down. */
  | { readonly kind: 'failed'; readonly error: StoreFailure };

export interface DocumentRead extends Reading {
  readonly kind: 'document';
  readonly loaded: Loaded;
  readonly text: string;
  /** What it stands on, newest first; undefined where the source does not say. */
  readonly ancestors?: readonly CountedRevision[] | undefined;
}

export interface Reading {
  readonly revision: Revision;
  readonly publishedAtMs: number | undefined;
  readonly storeTimeMs: number | undefined;
  /** How old the answer was when it arrived. */
  readonly ageMs: number;
}
