import {
  describeCacheContract,
  describeFeedContract,
  describeHistoryContract,
  describePublisherContract,
  describeSourceContract,
} from '@clarity/flags-testing/contracts';
import { cacheHarness, feedHarness, historyHarness, publisherHarness, sourceHarness } from './file-harness.ts';

describeSourceContract('file', sourceHarness);
describeFeedContract('file', feedHarness);
describePublisherContract('file', publisherHarness);
describeHistoryContract('file', historyHarness);
describeCacheContract('file', cacheHarness);
