// What an adapter keeps open must not keep a program alive.
import { startSsmServer } from '@clarity/flags-stand-ins/ssm-server';
import { startUpstashServer } from '@clarity/flags-stand-ins/upstash-server';
import { ssmPublisher } from '@clarity/flags-ssm';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { placeOn, stopSharedServer } from './postgres/place.ts';
import { publish } from './postgres/postgres-clients.ts';
import { documentText, restore } from './redis/watched-client.ts';
import { startProgram } from './support/program.ts';
import { type RedisServer, startRedis } from './support/redis-server.ts';

let redis: RedisServer;

beforeAll(async () => {
  redis = await startRedis();
  await restore(redis.url, 1);
});
afterAll(async () => {
  await redis.stop();
  await stopSharedServer();
});

/** What the program is told, for each store with document 1. */
const STORES = {
  redis: async () => ({ REDIS_URL: redis.url }),
  postgres: async () => {
    const { readerUrl, writerUrl } = await placeOn();
    await publish(writerUrl, 1);
    return { DATABASE_URL: readerUrl };
  },
  upstash: async () => {
    const server = await startUpstashServer({ redisUrl: redis.url, token: 'token' });
    onTestFinished(() => server.stop());
    return { UPSTASH_REDIS_REST_URL: server.url, UPSTASH_REDIS_REST_TOKEN: server.token };
  },
  ssm: async () => {
    const { endpoint, region, stop } = await startSsmServer();
    onTestFinished(stop);
    const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };
    const publisher = ssmPublisher({ layout: 'chunked', path: '/flags', endpoint, region, credentials });
    await publisher.restore(documentText(1), new AbortController().signal);
    await publisher.close();
    return {
      SSM_ENDPOINT: endpoint,
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    };
  },
} as const;

describe.each(['yes', 'no'])('a program that closes its client: %s', (closes) => {
  it.each(Object.entries(STORES))('ends by itself after following %s', async (store, prepare) => {
    const program = startProgram('tests/live/support/ending-program.ts', {
      STORE: store,
      CLOSES: closes,
      ...(await prepare()),
    });
    onTestFinished(program.kill);
    await program.says(/is_1 true/);
    expect(await program.ends()).toBe(0);
  });
});
