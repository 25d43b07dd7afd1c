// Started by ending-programs.live.test.ts: serves flags of the STORE for a moment, and then has nothing more to do.
import { createFlagClient } from '@clarity/flags-core';
import type { FlagFeed, FlagSource } from '@clarity/flags-core/ports';
import { postgresStore } from '@clarity/flags-postgres';
import { redisStore } from '@clarity/flags-redis';
import { ssmSource } from '@clarity/flags-ssm';
import { upstashStore } from '@clarity/flags-upstash';

const { env } = process;
const stores: Readonly<Record<string, () => { readonly source: FlagSource; readonly feed?: FlagFeed }>> = {
  postgres: () => postgresStore({ url: env['DATABASE_URL'] ?? '' }),
  redis: () => redisStore({ url: env['REDIS_URL'] ?? '' }),
  ssm: () => ({ source: ssmSource({ layout: 'chunked', path: '/flags', endpoint: env['SSM_ENDPOINT'] ?? '' }) }),
  upstash: () => upstashStore(),
};
const open = stores[env['STORE'] ?? ''];
if (open === undefined) throw new Error(`STORE is one of ${Object.keys(stores).join(', ')}`);
const { source, feed } = open();
const client = createFlagClient({
  source,
  ...(feed !== undefined && { feed }),
  refreshMode: feed === undefined ? 'periodic' : 'both',
  refreshIntervalMs: 60_000,
  staleAfterMs: 300_000,
});
const up = new Promise<void>((resolve) => void client.on('feed', ({ state }) => state === 'up' && resolve()));
await client.ready();
if (feed !== undefined && client.health().feed !== 'up') await up;
console.log(`is_1 ${client.isEnabled('is_1')}`);
if (env['CLOSES'] === 'yes') await client.close();
