/** Hands the checks to vitest. The only file that knows a test framework. */
/* oxlint-disable vitest/valid-title, vitest/expect-expect -- titles and assertions are those of the checks */
import { describe, it } from 'vitest';
import { cacheChecks } from './cache-checks.ts';
import { type ContractCheck, type Deviations, withDeviations } from './check.ts';
import { feedChecks } from './feed-checks.ts';
import { historyChecks } from './history-checks.ts';
import type {
  CacheHarness,
  FeedHarness,
  HistoryHarness,
  MetricsSinkHarness,
  PublisherHarness,
  SourceHarness,
} from './harness.ts';
import { metricsSinkChecks } from './metrics-sink-checks.ts';
import { publisherChecks } from './publisher-checks.ts';
import { sourceChecks } from './source-checks.ts';

export interface ContractOptions {
  /** Checks that this store fails on purpose: the check's name, and why. One that passes after all fails the run. */
  readonly deviations?: Deviations;
  /** Longest time for one check, in milliseconds. Default 30,000. */
  readonly timeoutMs?: number;
}

const DEFAULT_TIMEOUT_MS = 30_000;

/** Registers vitest tests for what `FlagSource` promises. */
export function describeSourceContract(name: string, harness: SourceHarness, options: ContractOptions = {}): void {
  register(`source contract: ${name}`, sourceChecks(harness), options);
}

/** Registers vitest tests for what `FlagFeed` promises. */
export function describeFeedContract(name: string, harness: FeedHarness, options: ContractOptions = {}): void {
  register(`feed contract: ${name}`, feedChecks(harness), options);
}

/** Registers vitest tests for what `FlagPublisher` promises. */
export function describePublisherContract(
  name: string,
  harness: PublisherHarness,
  options: ContractOptions = {},
): void {
  register(`publisher contract: ${name}`, publisherChecks(harness), options);
}

/** Registers vitest tests for what `FlagHistory` promises, and publishers that write it. */
export function describeHistoryContract(name: string, harness: HistoryHarness, options: ContractOptions = {}): void {
  register(`history contract: ${name}`, historyChecks(harness), options);
}

/** Registers vitest tests for what `SnapshotCache` promises. */
export function describeCacheContract(name: string, harness: CacheHarness, options: ContractOptions = {}): void {
  register(`cache contract: ${name}`, cacheChecks(harness), options);
}

/** Registers vitest tests for what `MetricsSink` promises. */
export function describeMetricsSinkContract(
  name: string,
  harness: MetricsSinkHarness,
  options: ContractOptions = {},
): void {
  register(`metrics sink contract: ${name}`, metricsSinkChecks(harness), options);
}

function register(title: string, checks: readonly ContractCheck[], options: ContractOptions): void {
  const timeout = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  describe(title, () => {
    for (const { name, run } of withDeviations(checks, options.deviations ?? {})) it(name, { timeout }, run);
  });
}
