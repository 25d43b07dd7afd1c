/**
 * The contract suites: `@clarity/flags-testing/contracts`, for vitest. `/checks` has the same for any test framework.
 */
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
export {
  type ContractOptions,
  describeCacheContract,
  describeFeedContract,
  describeHistoryContract,
  describeMetricsSinkContract,
  describePublisherContract,
  describeSourceContract,
} from './contract/register.ts';
