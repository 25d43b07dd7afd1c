// Many times, in `npm test` sixty, something kills the connections or the server at a random moment around a publish.
// Nothing but the feed can bring the change in time: the interval is a minute.
import { redisFeed, redisSource } from '@clarity/flags-redis';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { runSeed, sized } from '../../../scripts/drawn-tests.ts';
import { mulberry32 } from '../support/mulberry32.ts';
import { startProxy, type TcpProxy } from '../support/proxy.ts';
import { type RedisServer, startRedis } from '../support/redis-server.ts';
import { eventually, HEARTBEAT_MS, restore, watch, type WatchedClient } from './watched-client.ts';

const LANES = 4;
const ROUNDS = sized(15, 100);
const CLIENTS = 3;
/** Two heartbeats to find the loss, backoff, the gap between two reads that notices ask for, and a busy machine. */
const CAUGHT_UP_MS = 10_000;
/** A subscription that has held for as long is sound again: the next loss begins with the shortest backoff. */
const FEED_HEARTBEAT_MS = 2 * HEARTBEAT_MS;

let lanes: readonly { readonly server: RedisServer; readonly proxy: TcpProxy }[];

beforeEach(async () => {
  lanes = await Promise.all(
    Array.from({ length: LANES }, async () => {
      const server = await startRedis();
      return { server, proxy: await startProxy({ port: server.port }) };
    }),
  );
});

afterEach(async () => {
  await Promise.all(
    lanes.map(async ({ server, proxy }) => {
      await proxy.stop();
      await server.stop();
    }),
  );
});

it(
  `F1 F2 of ${LANES * ROUNDS} random kills none leaves a client stale`,
  async () => {
    const seed = runSeed();
    const stale = await Promise.all(lanes.map(({ server, proxy }, n) => kill(server, proxy, mulberry32(seed + n))));
    expect(stale.flat(), `left stale; again with SEED=${seed}`).toEqual([]);
  },
  ROUNDS * CAUGHT_UP_MS,
);

/** Rounds of kills and publishes on one server; the clients that did not catch up in time. */
async function kill(server: RedisServer, proxy: TcpProxy, random: () => number): Promise<readonly string[]> {
  await restore(server.url, 0);
  const clients = Array.from({ length: CLIENTS }, (_, n): WatchedClient => {
    const url = `redis://127.0.0.1:${proxy.port}`;
    // The first reads past the proxy: faster than the feed subscribes, so that reading too early is reading in vain.
    const source = redisSource({ url: n === 0 ? server.url : url, connectTimeoutMs: 1_000 });
    const feed = redisFeed({ url, connectTimeoutMs: 1_000, heartbeatMs: FEED_HEARTBEAT_MS });
    // A breaker that opened in a round must not decide the next one.
    return watch(source, feed, { breaker: { recoveryTimeoutMs: 500 } });
  });
  await Promise.all(clients.map((one) => one.serves(0)));

  const ways: readonly (readonly [name: string, happen: () => Promise<unknown>])[] = [
    [
      'server killed',
      async () => {
        await server.kill();
        await server.start();
      },
    ],
    ['connections cut', async () => proxy.cut()],
    [
      'cable pulled',
      async () => {
        proxy.drop();
        await after(random() * 50);
        await proxy.mend();
      },
    ],
    [
      'server frozen',
      async () => {
        server.freeze();
        await after(random() * 6 * HEARTBEAT_MS);
        server.thaw();
      },
    ],
    ['subscribers killed', () => server.command('CLIENT', 'KILL', 'TYPE', 'pubsub')],
    ['readers killed', () => server.command('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes')],
  ];
  const stale: string[] = [];
  for (let round = 1; round <= ROUNDS; round += 1) {
    await after(FEED_HEARTBEAT_MS + random() * FEED_HEARTBEAT_MS);
    const [name, happen] = ways[Math.trunc(random() * ways.length)] ?? ways[0]!;
    await proxy.mend();
    // So that what was sent is on its way for a while when something happens.
    proxy.delay(random() < 0.3 ? 0 : random() * 50);
    const happening = happen();
    // From before the loss is noticed until after the feed is up again.
    await after(random() * 400);
    if (name.startsWith('server')) await happening;
    // What kills connections may hit the publisher's own.
    await eventually(() => restore(server.url, round).then(() => undefined));
    await happening;
    const outcomes = await Promise.allSettled(clients.map((one) => one.serves(round, CAUGHT_UP_MS)));
    for (const [n, { status }] of outcomes.entries()) {
      if (status === 'fulfilled') continue;
      const one = clients[n]!;
      const said = one.log.entries.slice(-8).map(({ message, fields }) => `\n    ${message} ${JSON.stringify(fields)}`);
      const heard = JSON.stringify(one.notices.slice(-3));
      stale.push(
        `client ${n} in round ${round} (${name}), which is ${JSON.stringify(one.client.freshness())}, read ${one.reads()} times, ` +
          `heard last ${heard} and said last: ${said.join('')}`,
      );
    }
  }
  return stale;
}

/** A moment of the test's own choosing, not one that it hopes something is done by. */
function after(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
