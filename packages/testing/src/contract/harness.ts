import type {
  CachedSnapshot,
  FlagFeed,
  FlagHistory,
  FlagPublisher,
  FlagSource,
  MetricsSink,
  SnapshotCache,
} from '@clarity/flags-core/ports';
import type { GaugeName, CounterName, HistogramName } from '@clarity/flags-core/metrics';
import type { MetricLabels, Revision } from '@clarity/flags-core/ports';

/** Begins a fault and resolves, once it is in force, with the function that mends it. */
export type Fault = () => Promise<() => Promise<void>>;

/**
 * What a harness can do to its store:
 * - `down`: calls fail until it is mended; a subscription is lost
 * - `hang`: calls are accepted and never answered
 * - `unauthorized`: the credentials no longer count
 * - `gone`: the document is no longer there
 * - `corrupt`: what is stored can no longer be understood
 */
export type FaultName = 'down' | 'hang' | 'unauthorized' | 'gone' | 'corrupt';

/** What every harness opens: the thing under test over a store of its own. */
export interface UnderTest {
  /** Everything that the store was given and nobody may see: passwords, tokens, addresses that hold one. */
  readonly secrets: readonly string[];
  readonly faults: Readonly<Partial<Record<FaultName, Fault>>>;
  /**
   * Names what is still open after `close`, and nothing when all is released. Default: what keeps Node's event loop
   * alive and did not before.
   */
  readonly leftovers?: () => Promise<readonly string[]>;
  /** Ends what the harness opened beside it: a server, a directory. Called once, after the checked thing is closed. */
  readonly dispose: () => Promise<void>;
}

export interface Harness<Opened extends UnderTest> {
  /** A new store with nothing in it. Called once for each check. */
  readonly open: () => Promise<Opened>;
  /**
   * Faults that this store cannot have, each with the reason. Checks that need one are left out; every other fault must
   * be there.
   */
  readonly impossible?: Readonly<Partial<Record<FaultName, string>>>;
}

export interface SourceUnderTest extends UnderTest {
  readonly source: FlagSource;
  /** Puts a document into the store, as its publisher would. */
  readonly seed: (text: string) => Promise<void>;
  /**
   * Whether a document comes with those that it stands on (`ReadDocument.ancestors`). Default false: it must then come
   * without.
   */
  readonly tellsAncestors?: boolean;
}

export interface FeedUnderTest extends UnderTest {
  readonly feed: FlagFeed;
  /** Publishes another document, as the store's publisher would. */
  readonly change: () => Promise<void>;
  /** Lets another namespace or database announce a change on the same channel, where channels are shared. */
  readonly changeElsewhere?: () => Promise<void>;
}

export interface PublisherUnderTest extends UnderTest {
  readonly publisher: FlagPublisher;
  /** Another publisher over the same store, as in another process. The suite closes it. */
  readonly another: () => Promise<FlagPublisher>;
  /** What the store holds, read past the publisher. */
  readonly stored: () => Promise<{ readonly text: string; readonly revision: Revision } | undefined>;
  /**
   * Remembers what the store holds, as a snapshot or a backup does; the function that comes back puts it back, past the
   * publisher, as a crash or an operator does. A store of which nobody can do that says so by a deviation, with the
   * reason.
   */
  readonly snapshot?: () => Promise<() => Promise<void>>;
}

export interface HistoryUnderTest extends Pick<PublisherUnderTest, 'publisher' | 'another' | 'stored'>, UnderTest {
  /** Of the store that the publishers write. */
  readonly history: FlagHistory;
  /** By how much the store's clock may differ from this process's, in milliseconds. Default 0. */
  readonly clockSlackMs?: number;
}

export interface CacheUnderTest extends UnderTest {
  readonly cache: SnapshotCache;
  /** Another cache over the same place, as the next process would make. */
  readonly reopen: () => Promise<SnapshotCache>;
  /** A snapshot that is larger than this cache takes; leave it out when there is no limit. */
  readonly tooLarge?: CachedSnapshot;
}

export interface MetricsSinkUnderTest extends UnderTest {
  readonly sink: MetricsSink;
  /** The value of one series as a reader of the metrics sees it; `undefined` when there is none. */
  readonly value: (name: CounterName | GaugeName, labels: MetricLabels) => Promise<number | undefined>;
  /** The same for a histogram. */
  readonly observations: (
    name: HistogramName,
    labels: MetricLabels,
  ) => Promise<{ readonly count: number; readonly sum: number } | undefined>;
}

export type SourceHarness = Harness<SourceUnderTest>;
export type FeedHarness = Harness<FeedUnderTest>;
export type PublisherHarness = Harness<PublisherUnderTest>;
export type HistoryHarness = Harness<HistoryUnderTest>;
export type CacheHarness = Harness<CacheUnderTest>;
export type MetricsSinkHarness = Harness<MetricsSinkUnderTest>;
