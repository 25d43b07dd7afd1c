// Many times, in `npm test` sixty, something kills the connections or the server at a random moment around a publish.
// Nothing but the feed can bring the change in time: the interval is a minute.
import { postgresFeed, postgresPublisher, postgresSource } from '@clarity/flags-postgres';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { runSeed, sized } from '../../../scripts/drawn-tests.ts';
import { watch, type WatchedClient } from '../redis/watched-client.ts';
import { mulberry32 } from '../support/mulberry32.ts';
import { startPostgres, STARTING_MS } from '../support/postgres-server.ts';
import { startProxy, type TcpProxy } from '../support/proxy.ts';
import { type Place, placeOn } from './place.ts';
import { documentText, eventually, HEARTBEAT_MS, never } from './postgres-clients.ts';

const LANES = 4;
const ROUNDS = sized(15, 100);
const CLIENTS = 3;
/** Two heartbeats to find the loss, backoff, the gap between two reads that notices ask for, and a busy machine. */
const CAUGHT_UP_MS = 15_000;
/** A subscription that has held for as long is sound again: the next loss begins with the shortest backoff. */
const FEED_HEARTBEAT_MS = 2 * HEARTBEAT_MS;

let lanes: readonly { readonly place: Place; readonly proxy: TcpProxy }[];

beforeEach(async () => {
  lanes = await Promise.all(
    Array.from({ length: LANES }, async () => {
      const place = await placeOn(await startPostgres());
      return { place, proxy: await startProxy({ port: place.server.port }) };
    }),
  );
}, STARTING_MS);

afterEach(async () => {
  await Promise.all(
    lanes.map(async ({ place, proxy }) => {
      await proxy.stop();
      await place.server.stop();
    }),
  );
});

it(
  `F1 F2 F79 of ${LANES * ROUNDS} random kills none leaves a client stale`,
  async () => {
    const seed = runSeed();
    const stale = await Promise.all(lanes.map(({ place, proxy }, n) => kill(place, proxy, mulberry32(seed + n))));
    expect(stale.flat(), `left stale; again with SEED=${seed}`).toEqual([]);
  },
  ROUNDS * CAUGHT_UP_MS,
);

/** Rounds of kills and publishes on one server; the clients that did not catch up in time. */
async function kill(place: Place, proxy: TcpProxy, random: () => number): Promise<readonly string[]> {
  const { server } = place;
  const publisher = postgresPublisher({ url: place.writerUrl, connectTimeoutMs: 1_000 });
  await publisher.restore(documentText(0), never);
  const url = place.readerUrl.replace(`:${server.port}/`, `:${proxy.port}/`);
  const clients = Array.from({ length: CLIENTS }, (_, n): WatchedClient => {
    // The first reads past the proxy: faster than the feed subscribes, so that reading too early is reading in vain.
    const source = postgresSource({ url: n === 0 ? place.readerUrl : url, connectTimeoutMs: 1_000 });
    const feed = postgresFeed({ url, connectTimeoutMs: 1_500, heartbeatMs: FEED_HEARTBEAT_MS });
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
        await server.freeze();
        await after(random() * 6 * HEARTBEAT_MS);
        await server.thaw();
      },
    ],
    ['connections ended by an administrator', () => place.cut()],
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
    await eventually(() => publisher.restore(documentText(round), AbortSignal.timeout(5_000)).then(() => undefined));
    await happening;
    const outcomes = await Promise.allSettled(clients.map((one) => one.serves(round, CAUGHT_UP_MS)));
    for (const [n, { status }] of outcomes.entries()) {
      if (status === 'fulfilled') continue;
      const one = clients[n]!;
      const said = one.log.entries.slice(-8).map(({ message, fields }) => `\n    ${message} ${JSON.stringify(fields)}`);
      stale.push(
        `client ${n} in round ${round} (${name}), which is ${JSON.stringify(one.client.freshness())}, read ${one.reads()} times and said last: ${said.join('')}`,
      );
    }
  }
  await publisher.close();
  return stale;
}

/** A moment of the test's own choosing, not one that it hopes something is done by. */
function after(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
