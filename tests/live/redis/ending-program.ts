// Started by life.live.test.ts: serves flags from Redis for a moment, and then has nothing more to do.
import { createFlagClient } from '@clarity/flags-core';
import { redisStore } from '@clarity/flags-redis';

const { source, feed } = redisStore({ url: process.env['REDIS_URL'] ?? '' });
const client = createFlagClient({
  source,
  feed,
  refreshMode: 'both',
  refreshIntervalMs: 60_000,
  staleAfterMs: 300_000,
});
await client.ready();
console.log(`is_1 ${client.isEnabled('is_1')}`);
if (process.env['CLOSES'] === 'yes') await client.close();
