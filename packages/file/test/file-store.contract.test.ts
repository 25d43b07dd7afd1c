import {
  describeCacheContract,
  describeFeedContract,
  describePublisherContract,
  describeSourceContract,
} from '@clarity/flags-testing/contracts';
import { cacheHarness, feedHarness, publisherHarness, sourceHarness } from './file-harness.ts';

describeSourceContract('file', sourceHarness);
describeFeedContract('file', feedHarness);
describePublisherContract('file', publisherHarness);
describeCacheContract('file', cacheHarness);
