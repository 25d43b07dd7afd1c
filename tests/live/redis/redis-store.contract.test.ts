import {
  describeFeedContract,
  describePublisherContract,
  describeSourceContract,
} from '@clarity/flags-testing/contracts';
import { feedHarness, publisherHarness, sourceHarness } from './redis-harness.ts';

describeSourceContract('redis', sourceHarness);
describeFeedContract('redis', feedHarness);
describePublisherContract('redis', publisherHarness);
