// Rows of the fault list about the subscription, each against a real server that is killed, frozen, cut off or locked.
import { redisFeed, redisSource } from '@clarity/flags-redis';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startProxy, type TcpProxy } from '../support/proxy.ts';
import { type RedisServer, startRedis } from '../support/redis-server.ts';
import {
  CHANNEL,
  eventually,
  HEARTBEAT_MS,
  publish,
  restore,
  SLACK_MS,
  timed,
  watch,
  type WatchedClient,
} from './watched-client.ts';

let server: RedisServer;
/** Stands between the feed and the server; the source has its own way. */
let proxy: TcpProxy;

beforeEach(async () => {
  server = await startRedis();
  proxy = await startProxy({ port: server.port });
});

afterEach(async () => {
  await proxy.stop();
  await server.stop();
});

/** A heartbeat that stands out against what a busy machine takes. */
const LONGER_MS = 600;

interface Credentials {
  readonly user: string;
  readonly password: string;
}

function url(port: number, credentials?: Credentials): string {
  const login = credentials === undefined ? '' : `${credentials.user}:${encodeURIComponent(credentials.password)}@`;
  return `redis://${login}127.0.0.1:${port}`;
}

function open(
  options: Parameters<typeof watch>[2] = {},
  credentials?: Credentials,
  heartbeatMs = HEARTBEAT_MS,
): WatchedClient {
  const source = redisSource({ url: url(server.port, credentials), connectTimeoutMs: 1_000 });
  const feed = redisFeed({ url: url(proxy.port, credentials), connectTimeoutMs: 1_000, heartbeatMs });
  return watch(source, feed, options);
}

/** A client that serves document 1 and is subscribed. */
async function opened(...given: Parameters<typeof open>): Promise<WatchedClient> {
  await publish(server.url, 1);
  const watched = open(...given);
  await watched.serves(1);
  await watched.feedIs('up');
  return watched;
}

describe('the subscription', () => {
  it('brings a change at once, with one read', async () => {
    const { serves, reads, notices, metrics } = await opened();
    const before = reads();
    const revision = await restore(server.url, 2);
    expect(await timed(serves(2))).toBeLessThan(SLACK_MS);
    expect(reads() - before).toBe(1);
    expect(notices).toEqual([{ kind: 'changed', revision }]);
    expect(metrics.value('feature_flag_subscriber_up')).toBe(1);
    expect(metrics.value('feature_flag_notices_total', { outcome: 'refresh' })).toBe(1);
  });

  it.each([1, 2, 3, 4, 5, 6])(
    'F1 survives a server that is killed as the feed sends its chunk %i of connecting and subscribing',
    async (chunk) => {
      const { client, serves, feedIs } = await opened();
      const connected = proxy.nextConnection();
      proxy.delay(10);
      proxy.cut();
      await connected;
      // Of HELLO, CLIENT and SUBSCRIBE, as they fall into packets; past the last one the feed is up again.
      for (let sent = 0; sent < chunk; sent += 1) await Promise.race([proxy.nextRequest(), feedIs('up')]);
      await server.kill();
      await server.start();
      await publish(server.url, 2);
      await serves(2);
      await feedIs('up');
      expect(client.health()).toMatchObject({ healthy: true, feed: 'up' });
    },
  );

  it.each([0, 1, 2, 3, 4, 5])(
    'F2 sees what was published between the connection and the acknowledgement, after chunk %i of the feed was sent',
    async (chunk) => {
      // A heartbeat that finds nothing: only the read that follows the acknowledgement may help.
      const { client, serves, feedIs } = await opened({}, undefined, 60_000);
      const connected = proxy.nextConnection();
      // Each chunk is this long on its way: SUBSCRIBE has not arrived yet when the flags are published.
      proxy.delay(150);
      proxy.cut();
      await connected;
      for (let sent = 0; sent < chunk; sent += 1) await Promise.race([proxy.nextRequest(), feedIs('up')]);
      // A client that took the connection for the subscription has read by now.
      await new Promise((resolve) => {
        setTimeout(resolve, 50);
      });
      await restore(server.url, 2);
      await serves(2);
      await feedIs('up');
      expect(client.health()).toMatchObject({ healthy: true, feed: 'up' });
    },
  );

  it('F3 finds a frozen server within two heartbeats, and catches up once it is thawed', async () => {
    const { feedIs, log, serves } = await opened({}, undefined, LONGER_MS);
    server.freeze();
    expect(await timed(feedIs('down'))).toBeLessThan(2 * LONGER_MS + SLACK_MS);
    expect(log.entries.some(({ fields }) => fields['reason'] === 'timeout')).toBe(true);
    server.thaw();
    await feedIs('up');
    await restore(server.url, 2);
    await serves(2);
  });

  it('F3 finds a cable that was pulled within two heartbeats, and reads what was published meanwhile', async () => {
    const { feedIs, serves, notices } = await opened({}, undefined, LONGER_MS);
    proxy.drop();
    await restore(server.url, 2);
    expect(await timed(feedIs('down'))).toBeLessThan(2 * LONGER_MS + SLACK_MS);
    await proxy.mend();
    await serves(2);
    await feedIs('up');
    expect(notices, 'the notice itself was missed').toEqual([]);
  });

  it('F3 finds a server that freezes while the feed connects', async () => {
    const { client, feedIs, serves } = await opened();
    const connected = proxy.nextConnection();
    proxy.freeze();
    proxy.cut();
    await connected;
    await feedIs('down');
    await restore(server.url, 2);
    await proxy.mend();
    await serves(2);
    await feedIs('up');
    expect(client.health()).toMatchObject({ healthy: true, feed: 'up' });
  });

  it('F46 takes no blocked event loop for a lost server', async () => {
    const { client, feedIs } = await opened();
    const errors: unknown[] = [];
    client.on('error', (problem) => errors.push(problem));
    const accepted = proxy.accepted();
    for (let round = 0; round < 3; round += 1) {
      const untilMs = performance.now() + 4 * HEARTBEAT_MS;
      while (performance.now() < untilMs); // Nothing else runs.
      await new Promise((resolve) => {
        setTimeout(resolve, HEARTBEAT_MS);
      });
    }
    await feedIs('up');
    expect(errors).toEqual([]);
    expect(proxy.accepted()).toBe(accepted);
  });

  it('F49 joins again when Redis drops it as a slow subscriber, and reads', async () => {
    // A heartbeat that finds nothing: the server is to act first.
    const { serves, feedIs } = await opened({}, undefined, 60_000);
    await server.command('CONFIG', 'SET', 'client-output-buffer-limit', 'pubsub 64kb 16kb 1');
    proxy.freeze();
    const noise = 'x'.repeat(1_000_000);
    await eventually(async () => {
      await server.command('PUBLISH', CHANNEL, noise);
      const subscribers = await server.command('PUBSUB', 'NUMSUB', CHANNEL);
      expect(subscribers).toEqual([CHANNEL, 0]);
    }, 15_000);
    await restore(server.url, 2);
    await proxy.mend();
    await serves(2);
    await feedIs('up');
  });
});

describe('rights', () => {
  const credentials: Credentials = { user: 'flags', password: 'hunter2/+secret' };
  const login = ['ACL', 'SETUSER', 'flags', 'on', `>${credentials.password}`] as const;
  const grants = ['~feature_flags:*', '&feature_flags:*', '+hmget', '+subscribe', '+ping'] as const;
  /** Polling often enough to be waited for. */
  const polling = { refreshIntervalMs: 200, staleAfterMs: 5_000, breaker: { recoveryTimeoutMs: 200 } };

  const acl = (...rules: readonly string[]): Promise<unknown> => server.command('ACL', 'SETUSER', 'flags', ...rules);
  const secrets = [credentials.password, encodeURIComponent(credentials.password)];

  it('needs no more than HMGET on the key and SUBSCRIBE and PING on the channel', async () => {
    await server.command(...login, ...grants);
    const { client, serves } = await opened({}, credentials);
    await restore(server.url, 2);
    await serves(2);
    expect(client.health()).toMatchObject({ last_error: null, feed: 'up' });
  });

  it('F4 reports the feed down when its rights are revoked, goes on polling, and joins again when they are back', async () => {
    await server.command(...login, ...grants);
    const { client, serves, feedIs, said, log } = await opened(polling, credentials);
    // The server ends subscriptions that are no longer allowed.
    await acl('resetchannels');
    await feedIs('down');
    await eventually(() => expect(client.health().feed_error?.reason).toBe('unauthorized'));
    // At the level that is on by default: first what was seen of it, then what it was.
    const warned = log.entries.filter(({ level, message }) => level === 'warn' && message.startsWith('change feed'));
    expect(warned.map(({ fields }) => fields['reason'])).toEqual(['unavailable', 'unauthorized']);
    expect(String(warned[0]?.fields['error'])).toMatch(/^cannot stay subscribed to feature_flags:config-changed: /);
    expect(String(warned[1]?.fields['error'])).toMatch(/^cannot subscribe to feature_flags:config-changed: .*NOPERM/);
    await restore(server.url, 2);
    await serves(2);
    expect(client.health()).toMatchObject({ feed: 'down', healthy: true });
    await acl('&feature_flags:*');
    await feedIs('up');
    for (const secret of secrets) expect(said()).not.toContain(secret);
  });

  it('F4 survives the removal of its user: flags stay, health says why', async () => {
    await server.command(...login, ...grants);
    const { client, feedIs, serves, said } = await opened(polling, credentials);
    await server.command('ACL', 'DELUSER', 'flags');
    await feedIs('down');
    await eventually(() => expect(client.health().last_error?.reason).toBe('unauthorized'));
    expect(client.isEnabled('is_1')).toBe(true);
    await server.command(...login, ...grants);
    await feedIs('up');
    await restore(server.url, 2);
    await serves(2);
    for (const secret of secrets) expect(said()).not.toContain(secret);
  });

  it('F5 a wrong password is unauthorized, is shown nowhere, and heals when it is made right', async () => {
    await server.command('ACL', 'SETUSER', 'flags', 'on', '>another password', ...grants);
    await publish(server.url, 1);
    const { client, feedIs, serves, said, log } = open(polling, credentials);
    await feedIs('down');
    await eventually(() =>
      expect(client.health()).toMatchObject({ freshness: 'never', last_error: { reason: 'unauthorized' } }),
    );
    await eventually(() => expect(client.breakerState()).toBe('open'));
    expect(log.messages('warn').length).toBeGreaterThan(0);
    expect(said()).toContain('WRONGPASS');
    for (const secret of secrets) expect(said()).not.toContain(secret);
    await acl('resetpass', `>${credentials.password}`);
    await serves(1);
    await feedIs('up');
  });
});
