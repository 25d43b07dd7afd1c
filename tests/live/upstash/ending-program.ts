// Started by ending-programs.live.test.ts: serves flags from Upstash for a moment, and then has nothing more to do.
import { createFlagClient } from '@clarity/flags-core';
import { upstashStore } from '@clarity/flags-upstash';

const { source, feed } = upstashStore();
const client = createFlagClient({
  source,
  feed,
  refreshMode: 'both',
  refreshIntervalMs: 60_000,
  staleAfterMs: 300_000,
});
await client.ready();
while (client.health().feed !== 'up') await new Promise((resolve) => setTimeout(resolve, 10));
console.log(`is_1 ${client.isEnabled('is_1')}`);
if (process.env['CLOSES'] === 'yes') await client.close();
