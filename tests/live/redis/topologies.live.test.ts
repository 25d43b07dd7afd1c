// Sentinel, Cluster, TLS and replicas, each on real servers.
import { redisFeed, redisSource, redisStore } from '@clarity/flags-redis';
import { Cluster, Redis } from 'ioredis';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  type RedisCluster,
  startCluster,
  startReplicaPair,
  startSentinel,
  startTlsRedis,
} from '../support/redis-topologies.ts';
import {
  CHANNEL,
  documentText,
  eventually,
  HEARTBEAT_MS,
  KEY,
  publish,
  SLACK_MS,
  timed,
  watch,
} from './watched-client.ts';

const never = new AbortController().signal;
const LONG_MS = 60_000;

/** Ends with the test, after what uses it. */
function ends(what: { disconnect(): void }): void {
  onTestFinished(() => what.disconnect());
}

describe('replicas', () => {
  it('serve source and feed while the primary takes publishes', async () => {
    const { primary, replica, stop } = await startReplicaPair();
    onTestFinished(stop);
    const first = await publish(primary.url, 1);
    await eventually(async () => expect(await replica.command('EXISTS', KEY)).toBe(1));
    const { serves, feedIs, reads } = watch(redisSource({ url: replica.url }), redisFeed({ url: replica.url }));
    await serves(1);
    await feedIs('up');
    // Each notice comes when what it announces can be read: one read is enough.
    let expected = first;
    for (let n = 2; n <= 10; n += 1) {
      const before = reads();
      expected = await publish(primary.url, n, expected);
      await serves(n);
      expect(reads() - before).toBe(1);
      // The next notice is not gathered with this one.
      await new Promise((resolve) => {
        setTimeout(resolve, 260);
      });
    }
  });
});

describe('TLS', () => {
  it('is spoken when the authority is known', async () => {
    const server = await startTlsRedis();
    onTestFinished(() => server.stop());
    const { source, feed, publisher } = redisStore({ url: server.tlsUrl, tls: { ca: server.ca } });
    onTestFinished(() => publisher.close());
    const first = await publisher.publish(documentText(1), 'absent', never);
    const { serves, feedIs, notices } = watch(source, feed);
    await serves(1);
    await feedIs('up');
    const second = await publisher.publish(documentText(2), first, never);
    await serves(2);
    expect(notices).toEqual([{ kind: 'changed', revision: second }]);
  });

  it.each([
    ['an authority that is not known', (server: { tlsUrl: string }) => ({ url: server.tlsUrl })],
    [
      'a certificate for another host',
      (server: { tlsUrl: string; ca: string }) => ({
        url: server.tlsUrl.replace('localhost', '127.0.0.1'),
        tls: { ca: server.ca },
      }),
    ],
    ['a server that does not speak it', (server: { port: number }) => ({ url: `rediss://127.0.0.1:${server.port}` })],
    [
      'a client that does not speak it',
      (server: { tlsUrl: string }) => ({ url: server.tlsUrl.replace('rediss:', 'redis:') }),
    ],
  ])('F27 is refused, and never given up, for %s', async (_, options) => {
    const server = await startTlsRedis();
    onTestFinished(() => server.stop());
    await publish(server.url, 1);
    const { source, feed } = redisStore({ ...options(server), connectTimeoutMs: 1_000 });
    onTestFinished(async () => void (await Promise.all([source.close(), feed.close()])));
    const refusal = await source.read(undefined, never).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ _tag: 'StoreError', reason: expect.stringMatching(/^(unavailable|timeout)$/) });
    const listener = { notice: () => undefined, up: () => undefined, down: () => undefined };
    await expect(feed.subscribe(listener, never)).rejects.toMatchObject({ _tag: 'StoreError' });
  });
});

describe('Sentinel', () => {
  it(
    'fails over: source, feed and publisher go to the new primary',
    async () => {
      const { primary, replica, sentinel, name, stop } = await startSentinel();
      onTestFinished(stop);
      const client = new Redis({
        sentinels: [{ host: sentinel.host, port: sentinel.port }],
        name,
        retryStrategy: () => 100,
        sentinelRetryStrategy: () => 100,
      });
      client.on('error', () => undefined);
      ends(client);
      const { source, feed, publisher } = redisStore({ client, heartbeatMs: HEARTBEAT_MS, connectTimeoutMs: 1_000 });
      let expected = await publisher.publish(documentText(1), 'absent', never);
      const { serves, feedIs } = watch(source, feed, { breaker: { recoveryTimeoutMs: 500 } });
      await serves(1);
      await feedIs('up');
      expected = await publisher.publish(documentText(2), expected, never);
      await serves(2);
      await eventually(async () => expect(await replica.command('HGET', KEY, 'v')).toBe('2'));

      await primary.kill();
      await feedIs('down');
      await eventually(async () => {
        expect(String(await replica.command('ROLE'))).toContain('master');
      }, LONG_MS / 2);
      // One that was given up may have been carried out: what is there is read before the next.
      const reader = redisSource({ client });
      await eventually(async () => {
        const { revision } = await reader.read(undefined, AbortSignal.timeout(1_000));
        expected = await publisher.publish(documentText(3), revision, AbortSignal.timeout(1_000));
      }, LONG_MS / 2);
      await serves(3, LONG_MS / 2);
      await feedIs('up', LONG_MS / 2);
      await publisher.publish(documentText(4), expected, never);
      await serves(4);
    },
    2 * LONG_MS,
  );
});

describe('a Cluster', () => {
  async function clusterStore(cluster: RedisCluster) {
    const client = new Cluster(cluster.startupNodes, { clusterRetryStrategy: () => 100 });
    client.on('error', () => undefined);
    ends(client);
    const store = redisStore({ client, heartbeatMs: HEARTBEAT_MS, connectTimeoutMs: 1_000 });
    const first = await store.publisher.publish(documentText(1), 'absent', never);
    const watched = watch(store.source, store.feed, { breaker: { recoveryTimeoutMs: 500 } });
    await watched.serves(1);
    await watched.feedIs('up');
    return { first, publisher: store.publisher, ...watched };
  }

  it(
    'announces by sharded pub/sub on the node that owns the key, and hears plain messages too',
    async () => {
      const cluster = await startCluster();
      onTestFinished(cluster.stop);
      const { first, publisher, serves, notices, reads } = await clusterStore(cluster);
      const owner = await cluster.ownerOf(KEY);
      expect(await owner.command('PUBSUB', 'SHARDCHANNELS')).toEqual([`{${KEY}}:${CHANNEL}`]);
      const second = await publisher.publish(documentText(2), first, never);
      expect(await timed(serves(2))).toBeLessThan(SLACK_MS);
      expect(notices).toEqual([{ kind: 'changed', revision: second }]);
      // Another language announces at whichever node it is connected to.
      const before = reads();
      for (const node of cluster.nodes) await node.command('PUBLISH', CHANNEL, 'refresh');
      await eventually(() => expect(notices.length).toBe(4));
      await eventually(() => expect(reads()).toBeGreaterThan(before));
    },
    LONG_MS,
  );

  it(
    'moves the slot: the feed follows to the new owner, and no change is missed',
    async () => {
      const cluster = await startCluster();
      onTestFinished(cluster.stop);
      const { first, publisher, serves, feedIs } = await clusterStore(cluster);
      const owner = await cluster.moveSlotOf(KEY);
      const second = await publisher.publish(documentText(2), first, never);
      await serves(2);
      await feedIs('up');
      await eventually(async () => {
        expect(await owner.command('PUBSUB', 'SHARDCHANNELS')).toEqual([`{${KEY}}:${CHANNEL}`]);
      });
      await publisher.publish(documentText(3), second, never);
      await serves(3);
    },
    LONG_MS,
  );

  it(
    'loses the node that owns the key, and gets it back empty',
    async () => {
      const cluster = await startCluster();
      onTestFinished(cluster.stop);
      const { publisher, client, serves, feedIs } = await clusterStore(cluster);
      const owner = await cluster.ownerOf(KEY);
      await owner.kill();
      await feedIs('down');
      await owner.start();
      await eventually(() => publisher.publish(documentText(2), 'absent', never).then(() => undefined), LONG_MS / 2);
      await serves(2, LONG_MS / 2);
      await feedIs('up', LONG_MS / 2);
      expect(client.health()).toMatchObject({ healthy: true, feed: 'up' });
    },
    LONG_MS,
  );

  it(
    'is named when its node is given as a single server',
    async () => {
      const cluster = await startCluster();
      onTestFinished(cluster.stop);
      const owner = await cluster.ownerOf(KEY);
      const other = cluster.nodes.find((node) => node !== owner);
      const source = redisSource({ url: other?.url ?? '' });
      onTestFinished(() => source.close());
      await expect(source.read(undefined, never)).rejects.toMatchObject({
        reason: 'invalid',
        notADocument: true,
        message: expect.stringContaining('Cluster client'),
      });
    },
    LONG_MS,
  );
});
