import type { CountedRevision, Revision } from '../document/revision.ts';
import type { Notice } from '../ports/feed.ts';
import type { CounterName, GaugeName, HistogramName } from '../metrics/metric-catalog.ts';
import type { MetricLabels } from '../metrics/metrics-sink.ts';
import type { CachedSnapshot } from '../ports/snapshot-cache.ts';
import type { StoreErrorReason, StoreFailure } from '../ports/store-error.ts';
import type {
  BreakerStateName,
  Freshness,
  RefreshFailureReason,
  RefreshProblem,
  RejectedDocument,
} from './freshness.ts';
import type { LostWrites } from './lost-writes.ts';
import type { Loaded, Origin, Snapshot } from './snapshot.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/** One line of the log: a message that stays the same, and what varies as fields. Holds no secret and no payload. */
export interface LogEntry {
  readonly level: Exclude<LogLevel, 'silent'>;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** What became of a refresh that somebody asked for. */
export type RefreshResult =
  | {
      readonly ok: true;
      /** `changed`: a new document is served. `unchanged`: the served one was verified. */
      readonly outcome: 'changed' | 'unchanged';
      readonly revision: Revision;
      readonly origin: Origin;
    }
  | {
      readonly ok: false;
      readonly reason: RefreshFailureReason;
      /** For people. Holds no secret and no payload. */
      readonly message: string;
      /** When trying again makes sense, in milliseconds from now. */
      readonly retryAfterMs?: number;
    };

/** What a client that is closed answers. */
export const CLOSED = { ok: false, reason: 'closed', message: 'the client is closed' } as const;

/**
 * - `tick`: the next scheduled read
 * - `deadline`: the read under way is given up
 * - `retry`: the second attempt of a refresh
 * - `notice`: what notices asked for is read
 * - `resubscribe`, `subscribe-deadline`: the feed is tried again; the subscription under way is given up
 * - `stale`: the served document turns stale
 */
export type TimerName = 'tick' | 'deadline' | 'retry' | 'notice' | 'resubscribe' | 'subscribe-deadline' | 'stale';

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
  /** The store was not asked, and nothing is known of it. */
  | { readonly kind: 'called-off'; readonly message: string }
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

/** What listeners are told, before the client shapes it. */
export type Announcement =
  | { readonly kind: 'ready'; readonly snapshot: Snapshot }
  | { readonly kind: 'changed'; readonly from: Snapshot; readonly to: Snapshot }
  | { readonly kind: 'stale' | 'fresh'; readonly freshness: Freshness }
  | { readonly kind: 'error'; readonly problem: RefreshProblem }
  | { readonly kind: 'breaker'; readonly from: BreakerStateName; readonly to: BreakerStateName }
  | { readonly kind: 'feed'; readonly state: 'up' | 'down' }
  | { readonly kind: 'rejected'; readonly rejected: RejectedDocument }
  | { readonly kind: 'lost-writes'; readonly lostWrites: LostWrites };

/** All that a decision can ask of its driver. Timers are not commands: see `Timers`. */
export type Command =
  | { readonly kind: 'load-cache' }
  | { readonly kind: 'save-cache'; readonly snapshot: CachedSnapshot }
  /** One attempt at one source. The driver answers with `read-settled` of the same number. */
  | {
      readonly kind: 'read';
      readonly read: number;
      readonly source: number;
      readonly known: Revision | undefined;
      /** What the notices named that this read answers. */
      readonly announced: Revision | undefined;
    }
  | { readonly kind: 'abort-read'; readonly read: number }
  | { readonly kind: 'subscribe'; readonly subscription: number }
  | { readonly kind: 'unsubscribe'; readonly subscription: number }
  | { readonly kind: 'answer'; readonly requests: readonly number[]; readonly result: RefreshResult }
  | { readonly kind: 'announce'; readonly announcement: Announcement }
  | { readonly kind: 'log'; readonly entry: LogEntry }
  | { readonly kind: 'count'; readonly name: CounterName; readonly labels: MetricLabels }
  | { readonly kind: 'gauge'; readonly name: GaugeName; readonly value: number; readonly labels: MetricLabels }
  | { readonly kind: 'observe'; readonly name: HistogramName; readonly value: number };
