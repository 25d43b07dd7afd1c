// Upstash and OTLP in workerd, over real HTTP: the REST stand-in in front of a real Redis, and a receiver that refuses
// what is not OTLP.
import { startUpstashServer, type UpstashServer } from '@clarity/flags-stand-ins/upstash-server';
import { Miniflare } from 'miniflare';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type RedisServer, startRedis } from '../../live/support/redis-server.ts';
import { type Collector, metricsOf, startCollector } from '../../../packages/otlp/test/collector.ts';
import { bundle } from '../support/bundle.ts';

const TOKEN = 'AX-token-hunter2';
const text = (status: string): string => JSON.stringify({ schemaVersion: 1, flags: { banner: { status } } });

describe.each([{ compatibilityFlags: [] }, { compatibilityFlags: ['nodejs_compat'] }])(
  'a worker with Upstash and OTLP, $compatibilityFlags',
  ({ compatibilityFlags }) => {
    let redis: RedisServer;
    let store: UpstashServer;
    let collector: Collector;
    let worker: Miniflare;

    beforeAll(async () => {
      redis = await startRedis();
      store = await startUpstashServer({ redisUrl: redis.url, token: TOKEN });
      collector = await startCollector();
      worker = new Miniflare({
        modules: true,
        script: await bundle('src/upstash-worker.mjs'),
        compatibilityDate: '2026-07-01',
        compatibilityFlags,
        bindings: { UPSTASH_REDIS_REST_URL: store.url, UPSTASH_REDIS_REST_TOKEN: TOKEN, OTLP_URL: collector.url },
      });
      await worker.ready;
    }, 60_000);

    afterAll(async () => {
      await worker.dispose();
      await collector.stop();
      await store.stop();
      await redis.stop();
    });

    const ask = async (path: string, body?: object): Promise<unknown> => {
      const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
      const answer = await (await worker.dispatchFetch(`http://worker${path}`, init)).text();
      if (!/^[{t]/.test(answer)) throw new Error(answer);
      return JSON.parse(answer);
    };

    it('publishes by compare-and-set, follows what is published, and reports why it cannot', async () => {
      const { revision } = (await ask('/publish', { text: text('disabled'), expected: 'absent' })) as {
        revision: object;
      };
      expect(await ask('/flag')).toEqual({ on: false, state: 'fresh' });
      expect(await ask('/publish', { text: text('enabled'), expected: 'absent' })).toMatchObject({
        reason: 'conflict',
      });
      expect(await ask('/publish', { text: text('enabled'), expected: revision })).toHaveProperty('revision');
      await vi.waitFor(async () => expect(await ask('/flag')).toEqual({ on: true, state: 'fresh' }), 5_000);

      store.changeToken(undefined);
      const refused = await ask('/refresh');
      expect(refused).toMatchObject({ ok: false, reason: 'unauthorized' });
      expect(JSON.stringify(refused)).not.toContain(TOKEN);
      store.changeToken(TOKEN);
      expect(await ask('/refresh')).toMatchObject({ ok: true });
    });

    it('sends its metrics as deltas within a request', async () => {
      await ask('/refresh');
      expect(await ask('/flush')).toBe(true);
      const metrics = collector.received.flatMap(({ body }) => metricsOf(body));
      expect(metrics.find(({ name }) => name === 'feature_flag_refresh_success_total')?.sum).toMatchObject({
        aggregationTemporality: 1,
      });
    });
  },
);
