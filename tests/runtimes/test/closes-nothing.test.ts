import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { upstashPublisher } from '@clarity/flags-upstash';
import { startSsmServer } from '@clarity/flags-stand-ins/ssm-server';
import { startUpstashServer } from '@clarity/flags-stand-ins/upstash-server';
import { redisPublisher } from '@clarity/flags-redis';
import { expect, it, onTestFinished } from 'vitest';
import { startCollector } from '../../../packages/otlp/test/collector.ts';
import { startHttpStore } from '../../live/support/http-store.ts';
import { startRedis } from '../../live/support/redis-server.ts';
import { runtimes } from '../support/runtimes.ts';

const never = new AbortController().signal;
const document = JSON.stringify({ schemaVersion: 1, flags: { new_checkout: { status: 'disabled' } } });
const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };

/** Every kind of store with a document in it, and a collector. All of it ends with the test. */
async function startStores() {
  const folder = await mkdtemp(join(tmpdir(), 'clarity-closes-nothing-'));
  const redis = await startRedis();
  const upstash = await startUpstashServer({ redisUrl: redis.url });
  const ssm = await startSsmServer();
  const http = await startHttpStore();
  const collector = await startCollector();
  onTestFinished(async () => {
    await Promise.all([collector.stop(), http.stop(), ssm.stop(), upstash.stop()]);
    await redis.stop();
    await rm(folder, { recursive: true });
  });
  http.put(document);
  ssm.store.put({ name: '/flags', value: document, type: 'String', overwrite: false }, Date.now());
  const place = { url: upstash.url, token: upstash.token, namespace: 'rest' };
  for (const publisher of [redisPublisher({ url: redis.url }), upstashPublisher(place)]) {
    await publisher.publish(document, 'absent', never);
    await publisher.close();
  }
  return {
    folder,
    http: http.url,
    redis: redis.url,
    upstash: place,
    ssm: { endpoint: ssm.endpoint, region: ssm.region, credentials },
    collector: collector.url,
  };
}

it.each(runtimes)('a program in $name that closes nothing ends by itself', async ({ run }) => {
  const { code, stdout, stderr } = await run('src/closes-nothing.mjs', JSON.stringify(await startStores()));
  expect(stdout, stderr).not.toBe('');
  expect(JSON.parse(stdout)).toEqual({ file: true, http: false, redis: true, upstash: true, ssm: false });
  expect(code, 'it was killed, for it did not end').toBe(0);
});
