// Which feed a client from variables listens to: one that hears of its own store's changes.
import type { FlagClient } from '@clarity/flags-core';
import { createFlagClientFromEnv, type FromEnvOptions } from '@clarity/flags-node';
import { redisPublisher, redisSource } from '@clarity/flags-redis';
import { afterEach, beforeEach, expect, it, onTestFinished } from 'vitest';
import { type RedisServer, startRedis } from '../support/redis-server.ts';
import { documentText, eventually } from './watched-client.ts';

const never = new AbortController().signal;
let server: RedisServer;

beforeEach(async () => {
  server = await startRedis();
});

afterEach(async () => {
  await server.stop();
});

/** What arrives is brought by the feed: the interval is longer than any test. */
async function listening(variables: Record<string, string>, options: FromEnvOptions = {}): Promise<FlagClient> {
  const client = await createFlagClientFromEnv({
    variables: { ENVIRONMENT: 'production', ...variables },
    refreshIntervalMs: 120_000,
    logLevel: 'silent',
    ...options,
  });
  onTestFinished(() => client.close());
  await client.ready();
  await eventually(() => expect(client.health().feed).toBe('up'));
  return client;
}

/** Documents under a namespace, each on top of the one before. */
function publishing(namespace: string): (n: number) => Promise<unknown> {
  const publisher = redisPublisher({ url: server.url, namespace });
  onTestFinished(() => publisher.close());
  return (n) => publisher.restore(documentText(n), never);
}

it('listens to the namespace of its store, though REDIS_URL names the same server without one', async () => {
  const publish = publishing('shop');
  await publish(1);
  const client = await listening({
    FEATURE_FLAG_STORE_URL: `${server.url}/0?namespace=shop`,
    REDIS_URL: server.url,
  });
  await publish(2);
  await eventually(() => expect(client.isEnabled('is_2')).toBe(true));
});

it('listens to REDIS_URL for a source that is given in code', async () => {
  const publish = publishing('feature_flags');
  await publish(1);
  const client = await listening({ REDIS_URL: server.url }, { source: redisSource({ url: server.url }) });
  expect(client.health().refresh_mode).toBe('both');
  await publish(2);
  await eventually(() => expect(client.isEnabled('is_2')).toBe(true));
});
