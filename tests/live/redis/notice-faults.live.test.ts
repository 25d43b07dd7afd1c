// Rows of the fault list about what is announced: lost, repeated, a flood, forged, foreign.
import { redisFeed, redisPublisher, redisSource } from '@clarity/flags-redis';
import { Redis } from 'ioredis';
import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { forgedNotices } from '../support/forged-notices.ts';
import { type RedisServer, startRedis } from '../support/redis-server.ts';
import {
  CHANNEL,
  counted,
  documentText,
  eventually,
  KEY,
  noticeText,
  openStore,
  opened,
  publish,
  restore,
  timed,
  watch,
} from './watched-client.ts';

const HASH = 'f'.repeat(64);

let server: RedisServer;

beforeEach(async () => {
  server = await startRedis();
});

afterEach(async () => {
  await server.stop();
});

/** What notices are gathered for, unless an option says otherwise. */
const GAP_MS = 250;

function announce(epoch: number, version: number, hash = HASH): Promise<unknown> {
  const scope = { namespace: 'feature_flags', database: 0 };
  return server.command('PUBLISH', CHANNEL, noticeText(scope, { epoch, version, hash }));
}

describe('notices', () => {
  it.each(['both', 'pubsub'] as const)(
    'F6 converge without any of them within the stated bound, in mode %s',
    async (refreshMode) => {
      await publish(server.url, 1);
      const source = redisSource({ url: server.url });
      const feed = redisFeed({ url: server.url, channel: 'where-nobody-announces' });
      const { client, serves, notices, feedIs } = watch(source, feed, {
        refreshMode,
        refreshIntervalMs: 400,
        staleAfterMs: 2_000,
        timeoutMs: 300,
      });
      await serves(1);
      await feedIs('up');
      const boundMs = (client.health().bound.healthy_seconds ?? 0) * 1000;
      expect(boundMs).toBeGreaterThan(0);
      await restore(server.url, 2);
      expect(await timed(serves(2))).toBeLessThan(boundMs);
      expect(notices).toEqual([]);
    },
  );

  it('F7 repeated and out of order cost no more than two reads, and nothing goes back', async () => {
    const { client, serves, reads, first, notices } = await opened(server.url);
    const second = await publish(server.url, 2, first);
    await serves(2);
    const third = counted(await publish(server.url, 3, second));
    await serves(3);
    await eventually(() => expect(notices).toHaveLength(2));
    // What was announced so far, the subscription included, may still be worth a read that waits for the gap to pass:
    // this one answers it.
    expect(await client.refresh()).toMatchObject({ ok: true });
    const before = reads();
    const heard = notices.length;
    for (const version of [2, 1, 3, 3, 1, 2, 2, 3, 1]) await announce(third.epoch, version, third.hash);
    await eventually(() => expect(notices.length - heard).toBe(9));
    // All of them are served already: none of them is worth a read.
    expect(reads() - before).toBe(0);
    for (const version of [4, 4, 4, 5, 4]) await announce(third.epoch, version);
    await eventually(() => expect(notices.length - heard).toBe(14));
    await eventually(() => expect(reads() - before).toBeGreaterThan(0));
    // That no third one follows no event can tell: it would be there after two gaps.
    await new Promise((resolve) => setTimeout(resolve, 3 * GAP_MS));
    expect(reads() - before).toBeLessThanOrEqual(2);
    await serves(3);
  });

  it('F10 a thousand in a second cost two reads, and a flood one in a while', async () => {
    const { client, reads, notices, serves } = await opened(server.url, { minNoticeGapMs: 250 });
    const flooder = new Redis(server.url);
    try {
      const before = reads();
      await Promise.all(Array.from({ length: 1_000 }, () => flooder.publish(CHANNEL, 'refresh')));
      await eventually(() => expect(notices.length).toBe(1_000));
      await eventually(() => expect(reads() - before).toBeGreaterThanOrEqual(1));
      expect(reads() - before).toBeLessThanOrEqual(2);
      const flooded = reads();
      const untilMs = performance.now() + 3_000;
      while (performance.now() < untilMs) {
        await Promise.all(Array.from({ length: 20 }, () => flooder.publish(CHANNEL, 'refresh')));
      }
      expect(reads() - flooded).toBeLessThanOrEqual(1 + 3_000 / 250);
      expect(reads() - flooded, 'a flood that never ends still brings changes').toBeGreaterThanOrEqual(2);
      await restore(server.url, 2);
      await serves(2);
      expect(client.health().healthy).toBe(true);
    } finally {
      flooder.disconnect();
    }
  });

  it('F55 forged ones cost an extra read and are never adopted: not their revision, not their document', async () => {
    const { client, reads, first, notices, revisions } = await opened(server.url);
    for (const [n, message] of forgedNotices('feature_flags', first).entries()) {
      const before = reads();
      await server.command('PUBLISH', CHANNEL, message);
      await eventually(() => expect(notices.length).toBe(n + 1));
      await eventually(() => expect(reads() - before).toBe(1));
    }
    expect(client.isEnabled('is_1')).toBe(true);
    expect(client.isEnabled('is_666')).toBe(false);
    expect(revisions).toEqual([first]);
    expect(client.health()).toMatchObject({ healthy: true, refresh_failures: 0 });
  });

  it('F93 forged ones that name revisions make each client download its document once, and then cost what the plain word costs', async () => {
    const clients = 8;
    const padding = 'x'.repeat(64 * 1024);
    const text = JSON.stringify({ schemaVersion: 1, flags: { is_1: { status: 'enabled', metadata: { padding } } } });
    const publisher = redisPublisher({ url: server.url });
    onTestFinished(() => publisher.close());
    const first = counted(await publisher.publish(text, 'absent', new AbortController().signal));
    const watched = Array.from({ length: clients }, () => openStore(server.url, { minNoticeGapMs: 50 }));
    for (const { serves, feedIs } of watched) {
      await serves(1);
      await feedIs('up');
    }
    const forger = new Redis(server.url);
    onTestFinished(() => forger.disconnect());
    const reads = (): number => watched.reduce((sum, one) => sum + one.reads(), 0);
    const sent = async (): Promise<number> =>
      Number(/total_net_output_bytes:(\d+)/.exec(await forger.info('stats'))?.[1]);
    /** What the server sent while somebody announced all the time, without what it passed on of that itself. */
    const flood = async (message: (n: number) => string): Promise<{ bytes: number; readsEach: number }> => {
      const [bytesBefore, readsBefore] = [await sent(), reads()];
      let passedOn = 0;
      for (let n = 1; (reads() - readsBefore) / clients < 12; n += 1) {
        await forger.publish(CHANNEL, message(n));
        passedOn += message(n).length + CHANNEL.length;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      const readsEach = (reads() - readsBefore) / clients;
      return { bytes: (await sent()) - bytesBefore - clients * passedOn, readsEach };
    };
    const forged = (n: number): string =>
      noticeText(
        { namespace: 'feature_flags', database: 0 },
        { epoch: first.epoch + n, version: 1_000 + n, hash: HASH },
      );
    const plain = await flood(() => 'refresh');
    const small = ({ readsEach }: { readsEach: number }): number => clients * readsEach * 2_000;
    expect(plain.bytes).toBeLessThan(small(plain));
    const structured = await flood(forged);
    const again = await flood((n) => forged(100_000 + n));
    console.log(
      `sent to ${clients} clients: ${plain.bytes} bytes for ${plain.readsEach} reads each by the plain word, ` +
        `${structured.bytes} for ${structured.readsEach} by forged revisions at first, ${again.bytes} for ${again.readsEach} from then on`,
    );
    // Once each, and at the most once more: reads were under way.
    expect(structured.bytes).toBeGreaterThan(clients * padding.length * 0.9);
    expect(structured.bytes).toBeLessThan(clients * padding.length * 1.1 + small(structured));
    expect(again.bytes).toBeLessThan(small(again));
    // A true one arrives as before, and is believed again.
    await restore(server.url, 2);
    await Promise.all(watched.map(({ serves }) => serves(2)));
  });

  it('F56 those of another namespace or database are ignored and counted', async () => {
    const { reads, notices, metrics, serves } = await opened(server.url);
    const before = reads();
    const elsewhere = redisPublisher({ url: server.url, namespace: 'shop', channel: CHANNEL });
    await elsewhere.restore(documentText(7), new AbortController().signal);
    await elsewhere.close();
    await restore(`${server.url}/3`, 8);
    await eventually(() => expect(notices).toEqual([{ kind: 'foreign' }, { kind: 'foreign' }]));
    expect(metrics.value('feature_flag_notices_total', { outcome: 'foreign' })).toBe(2);
    expect(reads()).toBe(before);
    // The next one of ours is heard.
    await restore(server.url, 2);
    await serves(2);
  });

  it('a word from another language means "look again"', async () => {
    const { serves, notices } = await opened(server.url);
    const fields = ['epoch', Date.now() + 1_000, 'v', 1, 'sha256', sha256(documentText(2)), 'at', Date.now()];
    await server.command('HSET', KEY, ...fields, 'bytes', documentText(2).length, 'doc', documentText(2));
    await server.command('PUBLISH', CHANNEL, 'refresh');
    await serves(2);
    expect(notices).toEqual([{ kind: 'changed' }]);
  });
});

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
