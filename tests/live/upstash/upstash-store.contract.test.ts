import {
  describeFeedContract,
  describePublisherContract,
  describeSourceContract,
} from '@clarity/flags-testing/contracts';
import { afterAll, beforeAll } from 'vitest';
import { feedHarness, publisherHarness, sourceHarness, startSharedRedis, stopSharedRedis } from './upstash-harness.ts';

beforeAll(startSharedRedis);
afterAll(stopSharedRedis);

for (const entry of ['@clarity/flags-upstash', '@clarity/flags-upstash/cloudflare'] as const) {
  describeSourceContract(entry, sourceHarness(entry));
  describePublisherContract(entry, publisherHarness(entry));
}
describeFeedContract('@clarity/flags-upstash', feedHarness);
