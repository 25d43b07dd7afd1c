import {
  describeFeedContract,
  describeHistoryContract,
  describePublisherContract,
  describeSourceContract,
} from '@clarity/flags-testing/contracts';
import { feedHarness, historyHarness, publisherHarness, sourceHarness } from './memory-harness.ts';

describeSourceContract('memory store', sourceHarness());
describeFeedContract('memory store', feedHarness());
describePublisherContract('memory store', publisherHarness());
describeHistoryContract('memory store', historyHarness());
