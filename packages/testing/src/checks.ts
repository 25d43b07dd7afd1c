/** The contract suites as lists of named checks, for any test framework: `@clarity/flags-testing/checks`. */
export { cacheChecks } from './contract/cache-checks.ts';
export { type ContractCheck, ContractViolation, type Deviations, withDeviations } from './contract/check.ts';
export { feedChecks } from './contract/feed-checks.ts';
export type {
  CacheHarness,
  CacheUnderTest,
  Fault,
  FaultName,
  FeedHarness,
  FeedUnderTest,
  Harness,
  HistoryHarness,
  HistoryUnderTest,
  MetricsSinkHarness,
  MetricsSinkUnderTest,
  PublisherHarness,
  PublisherUnderTest,
  SourceHarness,
  SourceUnderTest,
  UnderTest,
} from './contract/harness.ts';
export { historyChecks } from './contract/history-checks.ts';
export { metricsSinkChecks } from './contract/metrics-sink-checks.ts';
export { publisherChecks } from './contract/publisher-checks.ts';
export { sourceChecks } from './contract/source-checks.ts';
