import {
  describeFeedContract,
  describePublisherContract,
  describeSourceContract,
} from '@clarity/flags-testing/contracts';
import { afterAll, beforeAll } from 'vitest';
import { feedHarness, publisherHarness, sourceHarness, startSharedRedis, stopSharedRedis } from './upstash-harness.ts';

beforeAll(startSharedRedis);
afterAll(stopSharedRedis);

describeSourceContract('Upstash', sourceHarness);
describeFeedContract('Upstash', feedHarness);
describePublisherContract('Upstash', publisherHarness);
