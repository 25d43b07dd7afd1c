import type { Revision } from '../document/revision.ts';
import type { StoreError } from './store-error.ts';

/** The announcing role of a store. */
export interface FlagFeed {
  /** Short name for people. Holds no secret. */
  readonly name: string;
  /**
   * Starts one subscription. Resolves once the store has **acknowledged** it: a change published after that moment is
   * announced. Rejects with a `StoreError` when it cannot start; the caller tries again with backoff. What is not
   * acknowledged within 10 seconds is given up by aborting `signal`, and tried again too.
   *
   * From then on the feed keeps the subscription itself: `down` when it is lost, `up` after each new acknowledgement
   * (the caller then reads, since notices may have been missed). Ends, without another call to the listener, when
   * `signal` aborts.
   */
  subscribe(listener: FeedListener, signal: AbortSignal): Promise<void>;
  /** Releases what this feed opened itself, and nothing that was handed to it. Idempotent. */
  close(): Promise<void>;
}

/** None of these throws. */
export interface FeedListener {
  notice(notice: Notice): void;
  down(error: StoreError): void;
  up(): void;
}

/** A hint that something changed; never the change itself. */
export type Notice =
  | {
      readonly kind: 'changed';
      /** The revision that was published, when the publisher said so. Without it: look again. */
      readonly revision?: Revision;
    }
  | {
      /** A notice of another namespace or database that shares the channel: ignored and counted (F56). */
      readonly kind: 'foreign';
    };
