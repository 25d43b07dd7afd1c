// Rows of the fault list about what is stored: old, gone, put back, poisoned.
import { redisSource, redisStore } from '@clarity/flags-redis';
import { Redis } from 'ioredis';
import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startProxy } from '../support/proxy.ts';
import { type RedisServer, startRedis } from '../support/redis-server.ts';
import { replicates, startReplicaPair } from '../support/redis-topologies.ts';
import {
  CHANNEL,
  counted,
  documentText,
  eventually,
  KEY,
  opened,
  openStore,
  publish,
  restore,
  watch,
} from './watched-client.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

let server: RedisServer;

beforeEach(async () => {
  server = await startRedis();
});

afterEach(async () => {
  await server.stop();
});

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

describe('what is stored', () => {
  /** Looked at often, and stale soon. */
  const polling = { refreshIntervalMs: 100, staleAfterMs: 1_200, timeoutMs: 400, breaker: { recoveryTimeoutMs: 300 } };

  it('F8 an older version after a newer one is ignored and counted', async () => {
    const { client, first, serves, metrics } = await opened(server.url);
    const second = counted(await publish(server.url, 2, first));
    await serves(2);
    await server.command('HSET', KEY, 'v', first.version, 'sha256', first.hash ?? '', 'doc', documentText(1));
    await server.command('PUBLISH', CHANNEL, 'refresh');
    await eventually(() => expect(metrics.total('feature_flag_ignored_revisions_total')).toBe(1));
    expect(client.freshness().revision).toEqual(second);
    expect(client.isEnabled('is_2')).toBe(true);
  });

  it('F9 an answer that comes after its deadline changes nothing once a newer one has landed', async () => {
    const first = await publish(server.url, 1);
    const proxy = await startProxy({ port: server.port });
    try {
      const source = redisSource({ url: `redis://127.0.0.1:${proxy.port}` });
      const { client, serves, reads, revisions } = watch(source, undefined, { refreshMode: 'none', timeoutMs: 400 });
      await serves(1);
      // Read A goes out and its answer is held back.
      proxy.freeze();
      const late = await client.refresh();
      expect(late).toMatchObject({ ok: false, reason: 'timeout' });
      await restore(server.url, 2);
      await proxy.mend();
      expect(await client.refresh()).toMatchObject({ ok: true, outcome: 'changed' });
      expect(client.isEnabled('is_2')).toBe(true);
      expect(reads()).toBeGreaterThanOrEqual(3);
      expect(revisions.length).toBe(2);
      expect(revisions[0]).toEqual(first);
    } finally {
      await proxy.stop();
    }
  });

  it('F11 a replica that lags and takes over is not adopted, freshness is not renewed by it, and its next publish is', async () => {
    const pair = await startReplicaPair();
    const upstream = { port: pair.primary.port };
    const proxy = await startProxy(upstream);
    try {
      const first = await publish(pair.primary.url, 1);
      await eventually(async () => expect(await pair.replica.command('EXISTS', KEY)).toBe(1));
      const { source, feed } = redisStore({
        url: `redis://127.0.0.1:${proxy.port}`,
        connectTimeoutMs: 1_000,
        heartbeatMs: 200,
      });
      const { client, serves, metrics, feedIs } = watch(source, feed, polling);
      await serves(1);
      // From here on the replica misses what happens.
      await pair.replica.command('REPLICAOF', 'NO', 'ONE');
      await publish(pair.primary.url, 2, first);
      await serves(2);
      await pair.primary.kill();
      upstream.port = pair.replica.port;
      proxy.cut();
      await eventually(() => expect(metrics.total('feature_flag_ignored_revisions_total')).toBeGreaterThan(0));
      await feedIs('up');
      const { verifiedAtMs, revision } = client.freshness();
      expect(client.isEnabled('is_2')).toBe(true);
      await eventually(() => expect(client.health()).toMatchObject({ healthy: false, freshness: 'stale' }));
      expect(client.freshness()).toMatchObject({ verifiedAtMs, revision });
      expect(client.health().last_error).toMatchObject({ reason: 'older_revision' });
      // The new primary counts on from what it has: the same number as the lost one, with another document.
      await publish(pair.replica.url, 3, first);
      await serves(3);
      expect(client.health().healthy).toBe(true);
    } finally {
      await proxy.stop();
      await pair.stop();
    }
  });

  it('F11 F90 the next publish of a primary that took over is adopted by its notice, though its version was served before', async () => {
    const pair = await startReplicaPair();
    const upstream = { port: pair.primary.port };
    const proxy = await startProxy(upstream);
    try {
      const first = await publish(pair.primary.url, 1);
      await eventually(async () => expect(await pair.replica.command('EXISTS', KEY)).toBe(1));
      const { source, feed } = redisStore({ url: `redis://127.0.0.1:${proxy.port}`, heartbeatMs: 200 });
      const { client, serves, feedIs, metrics } = watch(source, feed);
      await serves(1);
      await feedIs('up');
      await pair.replica.command('REPLICAOF', 'NO', 'ONE');
      const lost = await publish(pair.primary.url, 2, first);
      await serves(2);
      upstream.port = pair.replica.port;
      proxy.cut();
      await eventually(() => expect(metrics.total('feature_flag_ignored_revisions_total')).toBe(1));
      await feedIs('up');
      const next = await publish(pair.replica.url, 3, first);
      expect(counted(next).version).toBe(counted(lost).version);
      expect(counted(next).epoch).toBeGreaterThan(counted(lost).epoch);
      await serves(3);
      const { epoch, version, hash } = next;
      expect(client.freshness().revision).toEqual({ epoch, version, hash });
    } finally {
      await proxy.stop();
      await pair.stop();
    }
  });

  it('F11 a lagging replica that is read catches up with its primary', async () => {
    const pair = await startReplicaPair();
    try {
      const first = await publish(pair.primary.url, 1);
      await eventually(async () => expect(await pair.replica.command('EXISTS', KEY)).toBe(1));
      const { source, feed } = redisStore({ url: pair.replica.url });
      const { serves, feedIs } = watch(source, feed);
      await serves(1);
      await feedIs('up');
      // While the link is cut, a notice never gets to the replica's subscribers, then or later.
      await pair.replica.command('REPLICAOF', 'NO', 'ONE');
      const second = await publish(pair.primary.url, 2, first);
      await pair.replica.command('REPLICAOF', '127.0.0.1', pair.primary.port);
      await replicates(pair.replica);
      await publish(pair.primary.url, 3, second);
      await serves(3);
    } finally {
      await pair.stop();
    }
  });

  it('F12 all keys flushed: last good kept, stale in time, health says why; the new lineage is adopted by old and new clients', async () => {
    const { client, serves, first } = await opened(server.url, polling);
    await server.command('FLUSHALL');
    await eventually(() => expect(client.health().last_error).toMatchObject({ reason: 'not-found' }));
    expect(client.isEnabled('is_1')).toBe(true);
    expect(client.breakerState()).toBe('closed');
    await eventually(() => expect(client.health()).toMatchObject({ freshness: 'stale', healthy: false }));
    expect(client.health().last_error?.message).toContain(KEY);
    const anew = counted(await publish(server.url, 2));
    expect(anew.epoch).toBeGreaterThan(first.epoch);
    expect(anew.version).toBe(1);
    await serves(2);
    expect(client.health().healthy).toBe(true);
    const young = openStore(server.url);
    await young.serves(2);
  });

  it('F13 a store put back to an older backup is refused and said to be older, until an explicit restore', async () => {
    const { client, serves, first } = await opened(server.url, polling);
    const redis = new Redis(server.url);
    try {
      const backup = await redis.dumpBuffer(KEY);
      const second = counted(await publish(server.url, 2, first));
      await serves(2);
      await redis.restore(KEY, 0, backup, 'REPLACE');
      await eventually(() => expect(client.health().last_error).toMatchObject({ reason: 'older_revision' }));
      expect(client.isEnabled('is_2')).toBe(true);
      await eventually(() => expect(client.isStale()).toBe(true));
      const restored = counted(await restore(server.url, 1));
      expect(restored.epoch).toBeGreaterThan(second.epoch);
      await serves(1);
      expect(client.health().healthy).toBe(true);
    } finally {
      redis.disconnect();
    }
  });

  it.each([
    ['an epoch two days ahead', ['epoch', Date.now() + 2 * DAY_MS]],
    ['an epoch at the end of what can be counted', ['epoch', Number.MAX_SAFE_INTEGER]],
    ['an epoch beyond that', ['epoch', '9007199254740993']],
    ['F54 a version beyond that', ['v', '9007199254740993']],
    ['a version that is not a number', ['v', 'NaN']],
  ] as const)('F13 %s is refused, and an explicit restore mends it', async (_, poison) => {
    const { client, serves, first } = await opened(server.url, polling);
    await server.command('HSET', KEY, ...poison, 'sha256', sha256(documentText(2)), 'doc', documentText(2));
    await eventually(() => expect(client.health().last_error).toMatchObject({ reason: 'invalid_document' }));
    expect(client.isEnabled('is_1')).toBe(true);
    expect(client.breakerState()).toBe('closed');
    // Publishing on top would stay poisoned: it is refused, with what to do.
    const { epoch, version } = first;
    const held = poison[0] === 'epoch' ? { epoch: Number(poison[1]), version } : { epoch, version: Number(poison[1]) };
    await expect(publish(server.url, 3, held)).rejects.toMatchObject({
      reason: 'invalid',
      message: expect.stringContaining('restore'),
    });
    const restored = counted(await restore(server.url, 3));
    expect(restored.epoch).toBeGreaterThan(first.epoch);
    expect(restored.epoch).toBeLessThan(Date.now() + DAY_MS);
    await serves(3);
  });
});
