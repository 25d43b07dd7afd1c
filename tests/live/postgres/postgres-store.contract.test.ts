import {
  describeFeedContract,
  describePublisherContract,
  describeSourceContract,
} from '@clarity/flags-testing/contracts';
import { afterAll } from 'vitest';
import { stopSharedServer } from './place.ts';
import { feedHarness, publisherHarness, sourceHarness } from './postgres-harness.ts';

describeSourceContract('postgres', sourceHarness);
describeFeedContract('postgres', feedHarness);
describePublisherContract('postgres', publisherHarness);

afterAll(stopSharedServer);
