// The stream of changes: a hint that may fail at any time, with polling as the truth.
import type { FeedListener, Notice } from '@clarity/flags-core/ports';
import { redisFeed, redisPublisher, redisSource } from '@clarity/flags-redis';
import { type FeedEvent, recordingListener } from '@clarity/flags-testing';
import { upstashFeed, upstashSource } from '@clarity/flags-upstash';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { counted, documentText, eventually, noticeText, watch } from '../redis/watched-client.ts';
import { forgedNotices } from '../support/forged-notices.ts';
import {
  ENTRIES,
  failure,
  place,
  publish,
  sharedRedis,
  startSharedRedis,
  stopSharedRedis,
  TOKEN,
} from './upstash-harness.ts';

const never = new AbortController().signal;

beforeAll(startSharedRedis);
afterAll(stopSharedRedis);

/** A client that polls far more seldom than a test lasts, unless told otherwise: what it sees, it was told. */
async function followed(options: Parameters<typeof watch>[2] = {}) {
  const opened = await place();
  await publish(opened, 1);
  const watched = watch(upstashSource(opened.connect), upstashFeed(opened.connect), options);
  await watched.client.ready();
  await watched.feedIs('up');
  return { opened, ...watched };
}

describe('a client that follows the stream', () => {
  it('serves a change at once, with one command for the subscription', async () => {
    const { opened, serves } = await followed();
    const subscriptions = opened.server.calls.filter(({ operation }) => operation === 'subscribe');
    expect(subscriptions).toHaveLength(1);
    await publish(opened, 2);
    await serves(2);
  });

  it('F51 a stream that closes without an event: the feed is down, opened again, and nothing is missed', async () => {
    const { opened, metrics, serves, feedIs } = await followed();
    const mend = opened.server.fail({ kind: 'reset' }, { operations: ['subscribe'] });
    opened.server.closeStreams();
    await feedIs('down');
    expect(metrics.value('feature_flag_subscriber_up', {})).toBe(0);
    await publish(opened, 2);
    mend();
    await serves(2);
    await feedIs('up');
    expect(metrics.value('feature_flag_subscriber_up', {})).toBe(1);
  });

  it('F51 while the stream stays down, polling covers', async () => {
    const { opened, serves, client } = await followed({ refreshIntervalMs: 100, staleAfterMs: 60_000 });
    opened.server.fail({ kind: 'refuse', status: 500, error: 'ERR internal' }, { operations: ['subscribe'] });
    opened.server.closeStreams();
    await publish(opened, 2);
    await serves(2);
    expect(client.health().feed).toBe('down');
    expect(client.isStale()).toBe(false);
  });

  it('F6 every notice lost: polling converges', async () => {
    const { opened, serves, notices } = await followed({ refreshIntervalMs: 100, staleAfterMs: 60_000 });
    opened.server.freezeStreams();
    await publish(opened, 2);
    await serves(2);
    expect(notices).toHaveLength(0);
  });

  it('F5 a token that no longer counts is told once more, as a lost right, without the token', async () => {
    const { opened, client, said } = await followed();
    opened.server.changeToken('another');
    opened.server.closeStreams();
    await eventually(() => expect(said()).toContain('UPSTASH_REDIS_REST_TOKEN'));
    expect(client.health().feed).toBe('down');
    expect(client.isEnabled('is_1')).toBe(true);
    expect(said()).not.toContain(TOKEN);
  });

  it('F55 a forged notice costs a read and is never adopted', async () => {
    const { opened, client, notices, revisions } = await followed();
    const forged = forgedNotices(opened.namespace, counted(client.freshness().revision ?? { hash: '' }));
    for (const message of forged) {
      await sharedRedis().command('PUBLISH', `${opened.namespace}:config-changed`, message);
    }
    await eventually(() => expect(notices).toHaveLength(forged.length));
    expect(await client.refresh()).toMatchObject({ ok: true });
    expect(client.isEnabled('is_666')).toBe(false);
    expect(client.isEnabled('is_1')).toBe(true);
    expect(revisions).toHaveLength(1);
  });

  it('F56 the notice of another namespace on the channel is foreign', async () => {
    const { opened, notices } = await followed();
    const foreign = noticeText({ namespace: 'another' }, { epoch: 1, version: 1, hash: 'f'.repeat(64) });
    await sharedRedis().command('PUBLISH', `${opened.namespace}:config-changed`, foreign);
    await eventually(() => expect(notices).toEqual([{ kind: 'foreign' }]));
  });

  it('F43 leaves no stream behind when it is closed', async () => {
    const { opened, client } = await followed();
    expect(opened.server.streams).toBe(1);
    await client.close();
    await eventually(() => expect(opened.server.streams).toBe(0));
  });
});

describe('a subscription', () => {
  it.each([
    ['an HTML page', { kind: 'html' }, 'invalid'],
    [
      'a wrong token',
      { kind: 'refuse', status: 401, error: 'WRONGPASS invalid or missing auth token' },
      'unauthorized',
    ],
    ['a request limit', { kind: 'refuse', status: 429, error: 'ERR max requests limit exceeded' }, 'throttled'],
    ['a reset', { kind: 'reset' }, 'unavailable'],
  ] as const)('that meets %s is refused with its reason, and nothing is left', async (_name, fault, reason) => {
    const opened = await place();
    opened.server.fail(fault);
    const feed = upstashFeed(opened.connect);
    const listener = recordingListener();
    expect(await failure(feed.subscribe(listener, never))).toMatchObject({ reason });
    expect(listener.events).toEqual([]);
    await eventually(() => expect(opened.server.pending).toBe(0));
    await feed.close();
  });

  it('that grows old is replaced without a gap and without a word', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const opened = await place();
    const feed = upstashFeed({ ...opened.connect, renewAfterMs: 60_000 });
    const listener = recordingListener();
    await feed.subscribe(listener, never);
    // A connection that died without a word.
    opened.server.freezeStreams();
    vi.advanceTimersByTime(60_000);
    vi.useRealTimers();
    // The old one ends when the new one is acknowledged, and not before.
    await eventually(() => {
      expect(opened.server.calls).toHaveLength(2);
      expect(opened.server.pending).toBe(1);
    });
    await publish(opened, 2);
    await listener.heard('notice', 0);
    expect(listener.events.map(({ kind }: FeedEvent) => kind)).toEqual(['notice']);
    await feed.close();
  });

  it('whose renewal fails is down, and up again', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const opened = await place();
    const feed = upstashFeed({ ...opened.connect, renewAfterMs: 60_000 });
    const listener = recordingListener();
    await feed.subscribe(listener, never);
    opened.server.fail({ kind: 'reset' }, { operations: ['subscribe'], times: 1 });
    vi.advanceTimersByTime(60_000);
    vi.useRealTimers();
    await listener.heard('down', 0);
    await listener.heard('up', 0);
    await publish(opened, 2);
    await listener.heard('notice', 0);
    await feed.close();
    await eventually(() => expect(opened.server.streams).toBe(0));
  });

  it('that is lost while it is being renewed is up again once it is renewed', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const opened = await place();
    const feed = upstashFeed({ ...opened.connect, renewAfterMs: 60_000 });
    const listener = recordingListener();
    await feed.subscribe(listener, never);
    // The renewal is under way, and not acknowledged, when the old stream ends.
    const mend = opened.server.fail({ kind: 'hang' }, { operations: ['subscribe'], times: 1 });
    vi.advanceTimersByTime(60_000);
    vi.useRealTimers();
    await eventually(() => expect(opened.server.calls).toHaveLength(2));
    mend();
    opened.server.closeStreams();
    await listener.heard('down', 0);
    await listener.heard('up', 0);
    await publish(opened, 2);
    await listener.heard('notice', 0);
    await feed.close();
    await eventually(() => expect(opened.server.pending).toBe(0));
  });

  it('a channel with commas and slashes in its name is heard', async () => {
    const opened = await place();
    const channel = 'shop,eu/prod:config changed?';
    const feed = upstashFeed({ ...opened.connect, channel });
    const heard = new Promise<Notice>((resolve) => {
      const listener: FeedListener = { notice: resolve, down: () => undefined, up: () => undefined };
      void feed.subscribe(listener, never).then(() => sharedRedis().command('PUBLISH', channel, 'refresh'));
    });
    expect(await heard).toEqual({ kind: 'changed' });
    await feed.close();
  });
});

describe.each(Object.keys(ENTRIES) as (keyof typeof ENTRIES)[])(
  'what %s writes and Redis reads, and the other way round',
  (name) => {
    const { upstashPublisher: makePublisher, upstashSource: makeSource } = ENTRIES[name];

    it('is one lineage of revisions: each publishes on top of what the other wrote', async () => {
      const { connect, namespace } = await place();
      const redis = { url: sharedRedis().url, namespace };
      const [rest, tcp] = [makePublisher(connect), redisPublisher(redis)];
      const sources = [makeSource(connect), redisSource(redis)];
      let revision = await rest.publish(documentText(0), 'absent', never);
      for (let n = 1; n <= 6; n += 1) {
        revision = await (n % 2 === 0 ? rest : tcp).publish(documentText(n), revision, never);
        const readings = await Promise.all(sources.map((source) => source.read(undefined, never)));
        for (const reading of readings)
          expect(reading).toMatchObject({ kind: 'document', text: documentText(n), revision });
        const [one, other] = readings;
        expect(one).toEqual(other);
      }
      await Promise.all([rest.close(), tcp.close(), ...sources.map((source) => source.close())]);
    });

    it('F36 of both kinds of publishers at once exactly one wins', async () => {
      const { connect, namespace } = await place();
      const redis = { url: sharedRedis().url, namespace };
      const publishers = Array.from({ length: 10 }, (_, n) =>
        n % 2 === 0 ? makePublisher(connect) : redisPublisher(redis),
      );
      const outcomes = await Promise.allSettled(
        publishers.map((publisher, n) => publisher.publish(documentText(n), 'absent', never)),
      );
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      await Promise.all(publishers.map((publisher) => publisher.close()));
    });

    it('is announced to the feeds of both, with the revision', async () => {
      const { connect, namespace } = await place();
      const redis = { url: sharedRedis().url, namespace };
      const feeds = [upstashFeed(connect), redisFeed(redis)];
      const publishers = [makePublisher(connect), redisPublisher(redis)];
      const listeners = feeds.map(() => recordingListener());
      await Promise.all(feeds.map((feed, n) => feed.subscribe(listeners[n] ?? recordingListener(), never)));
      for (const publisher of publishers) {
        const from = listeners.map(({ events }) => events.length);
        const revision = await publisher.restore(documentText(1), never);
        for (const [n, listener] of listeners.entries()) {
          expect(await listener.heard('notice', from[n] ?? 0)).toMatchObject({ notice: { kind: 'changed', revision } });
        }
      }
      await Promise.all([...feeds, ...publishers].map((one) => one.close()));
    });
  },
);
