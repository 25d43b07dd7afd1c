// Started by ending-programs.live.test.ts: serves flags from SSM for a moment, and then has nothing more to do.
import { createFlagClient } from '@clarity/flags-core';
import { ssmSource } from '@clarity/flags-ssm';

const endpoint = process.env['SSM_ENDPOINT'] ?? '';
const client = createFlagClient({
  source: ssmSource({ layout: 'chunked', path: '/flags', endpoint }),
  refreshMode: 'periodic',
  refreshIntervalMs: 60_000,
  staleAfterMs: 300_000,
});
await client.ready();
console.log(`is_1 ${client.isEnabled('is_1')}`);
if (process.env['CLOSES'] === 'yes') await client.close();
