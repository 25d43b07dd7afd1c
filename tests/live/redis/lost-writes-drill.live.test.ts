// F90, many times over: a server loses the last 1 to 20 publications, 1 to 20 more are made, and every client serves
// the last of them within the bound that it states. Beside it, replicas that merely lag take nobody back.
// `npm run drill -- lost-writes` is the full size.
import { formatRevision, type Revision } from '@clarity/flags-core/ports';
import { type RedisClientGiven, redisPublisher, redisSource, redisStore } from '@clarity/flags-redis';
import { Redis } from 'ioredis';
import { expect, it, onTestFinished } from 'vitest';
import { runSeed, sized } from '../../../scripts/drawn-tests.ts';
import { mulberry32 } from '../support/mulberry32.ts';
import { startProxy } from '../support/proxy.ts';
import { type RedisServer, startRedis } from '../support/redis-server.ts';
import { replicates, startReplicaPair, startSentinel } from '../support/redis-topologies.ts';
import { late, type Lateness, latenessOf, tellLateness } from './lateness.ts';
import { Publications } from './publications.ts';
import { eventually, watch } from './watched-client.ts';

const CRASHES = sized(6, 100);
const FAILOVERS = sized(1, 20);
const LAGS = sized(4, 100);
/** Replicas that lag are tried by so many clients at once. */
const LAGS_AT_ONCE = sized(4, 10);
const MOST_LOST = 20;
const MOST_MADE = 20;

/** How a server comes to hold less than it confirmed. */
const LOSSES = ['kill', 'restore', 'reload'] as const;
type Loss = (typeof LOSSES)[number];

/** Short, so that a case takes a second; the bound is reckoned from it. */
const CLIENT = { refreshIntervalMs: 500, timeoutMs: 500, breaker: { recoveryTimeoutMs: 500 } } as const;

const never = new AbortController().signal;

it(
  `F90 of ${CRASHES} crashes and backups none leaves a client without what was published last`,
  async () => {
    const seed = runSeed();
    const random = mulberry32(seed);
    const server = await startRedis({ args: ['--enable-debug-command', 'yes'] });
    onTestFinished(() => server.stop());
    const lateness: Lateness[] = [];
    for (let n = 0; n < CRASHES; n += 1) {
      const loss = LOSSES[n % LOSSES.length] ?? 'kill';
      lateness.push(...(await crash(server, loss, `case-${n}`, random)));
      expect(late(lateness), `again with SEED=${seed}`).toEqual([]);
    }
    tellLateness(`${CRASHES} crashes and backups put back`, seed, lateness);
  },
  CRASHES * 20_000,
);

it(
  `F90 of ${FAILOVERS} failovers by a Sentinel to a replica that was behind none leaves a client without what was published last`,
  async () => {
    const seed = runSeed();
    const random = mulberry32(seed);
    const lateness: Lateness[] = [];
    for (let n = 0; n < FAILOVERS; n += 1) {
      lateness.push(...(await failover(random)));
      expect(late(lateness), `again with SEED=${seed}`).toEqual([]);
    }
    tellLateness(`${FAILOVERS} failovers`, seed, lateness);
  },
  FAILOVERS * 60_000,
);

it(
  `F11 F90 of ${LAGS} clients that come to a replica which lags none is taken back`,
  async () => {
    const seed = runSeed();
    const random = mulberry32(seed);
    const pair = await startReplicaPair();
    onTestFinished(() => pair.stop());
    let back = 0;
    for (let n = 0; n < LAGS; n += LAGS_AT_ONCE) {
      const names = Array.from({ length: Math.min(LAGS_AT_ONCE, LAGS - n) }, (_, k) => `lag-${n + k}`);
      back += await lag(pair, names, random);
    }
    expect(back, `clients that were taken back; again with SEED=${seed}`).toBe(0);
    console.log(`${LAGS} clients at a lagging replica, seed ${seed}: ${back} taken back`);
  },
  LAGS * 20_000,
);

/** One loss on a server that others use, too: a namespace of its own. */
async function crash(
  server: RedisServer,
  loss: Loss,
  namespace: string,
  random: () => number,
): Promise<readonly Lateness[]> {
  const place = { url: server.url, namespace };
  const raw = new Redis(server.url);
  raw.on('error', () => undefined);
  const publisher = redisPublisher(place);
  const run = new Publications(publisher);
  await run.publish(between(random, 1, 5));
  const { source, feed } = redisStore({ ...place, heartbeatMs: 200, connectTimeoutMs: 1_000 });
  const clients = [
    ['with a feed', watch(source, feed, { ...CLIENT, refreshMode: 'both' })],
    ['by polling', watch(redisSource(place), undefined, { ...CLIENT, refreshMode: 'periodic' })],
  ] as const;
  const key = `${namespace}:document`;
  await server.command('SAVE');
  const dump = await raw.dumpBuffer(key);
  const kept = run.last;
  await run.publish(between(random, 1, MOST_LOST));
  const lost = run.last;
  await Promise.all(clients.map(([, { serves }]) => serves(run.n)));

  let upMs = Number.NEGATIVE_INFINITY;
  switch (loss) {
    case 'kill':
      await server.kill();
      await server.start();
      upMs = performance.now();
      break;
    case 'restore':
      await raw.restore(key, 0, dump, 'REPLACE');
      break;
    case 'reload':
      await server.command('DEBUG', 'RELOAD', 'NOSAVE');
      break;
  }
  const remembers = random() < 0.5;
  const after = remembers ? publisher : redisPublisher(place);
  const reader = redisSource(place);
  expect((await reader.read(undefined, never)).revision).toEqual(kept);
  const made = new Publications(after, run.n, kept);
  const warnings = await made.publish(between(random, 1, MOST_MADE));
  const publishedMs = performance.now();
  expect(warnings.includes('lost-writes'), 'its own publisher knows for certain').toBe(remembers);
  expect(warnings.includes('store-restarted'), 'another life of the server is told').toBe(loss === 'kill');
  const lateness = await Promise.all(
    clients.map(([name, client]) => latenessOf(name, client, made.n, publishedMs, upMs)),
  );
  for (const [, { client }] of clients)
    expect(client.health().lost_writes).toMatchObject({ lost: formatRevision(lost) });
  raw.disconnect();
  await Promise.all([
    publisher.close(),
    after.close(),
    reader.close(),
    ...clients.map(([, { client }]) => client.close()),
  ]);
  return lateness;
}

/**
 * One failover: the replica misses the last publications, the primary is killed, and a Sentinel promotes the replica.
 */
async function failover(random: () => number): Promise<readonly Lateness[]> {
  const { primary, replica, sentinel, name, stop } = await startSentinel();
  const connections: Redis[] = [];
  const given = (): RedisClientGiven => {
    const client = new Redis({
      sentinels: [{ host: sentinel.host, port: sentinel.port }],
      name,
      retryStrategy: () => 100,
      sentinelRetryStrategy: () => 100,
      socketTimeout: 2_000,
      commandTimeout: 2_000,
    });
    client.on('error', () => undefined);
    connections.push(client);
    return { client };
  };
  try {
    const place = given();
    const publisher = redisPublisher(place);
    const run = new Publications(publisher);
    await run.publish(between(random, 1, 5));
    const { source, feed } = redisStore({ ...given(), heartbeatMs: 200, connectTimeoutMs: 1_000 });
    const clients = [
      ['with a feed', watch(source, feed, { ...CLIENT, refreshMode: 'both' })],
      ['by polling', watch(redisSource(given()), undefined, { ...CLIENT, refreshMode: 'periodic' })],
    ] as const;
    const kept = run.last;
    await eventually(async () => expect(await heldBy(replica)).toEqual(kept));
    await stall(replica);
    await run.publish(between(random, 1, MOST_LOST));
    const lost = run.last;
    await Promise.all(clients.map(([, { serves }]) => serves(run.n)));

    await primary.kill();
    await eventually(async () => expect(String(await replica.command('ROLE'))).toContain('master'), 30_000);
    const remembers = random() < 0.5;
    const reader = redisSource(place);
    await eventually(async () => {
      expect((await reader.read(undefined, AbortSignal.timeout(1_000))).revision).toEqual(kept);
    }, 30_000);
    // Each client finds the new primary by its own connection.
    await eventually(() => {
      for (const [, { client }] of clients) expect(client.health().last_error?.reason).toBe('older_revision');
    }, 30_000);
    const upMs = performance.now();
    const after = remembers ? publisher : redisPublisher(place);
    const made = new Publications(after, run.n, kept);
    const warnings = await made.publish(between(random, 1, MOST_MADE));
    const publishedMs = performance.now();
    expect(warnings.includes('store-restarted')).toBe(true);
    expect(warnings.includes('lost-writes')).toBe(remembers);
    const lateness = await Promise.all(
      clients.map(([client, watched]) => latenessOf(client, watched, made.n, publishedMs, upMs)),
    );
    for (const [, { client }] of clients) {
      expect(client.health().lost_writes).toMatchObject({ lost: formatRevision(lost) });
    }
    await Promise.all(clients.map(([, { client }]) => client.close()));
    return lateness;
  } finally {
    for (const one of connections) one.disconnect();
    await stop();
  }
}

/** Clients serve the newest of the primary, come to the replica that misses it, and back. How many were taken back. */
async function lag(
  { primary, replica }: { readonly primary: RedisServer; readonly replica: RedisServer },
  namespaces: readonly string[],
  random: () => number,
): Promise<number> {
  const upstream = { port: primary.port };
  const proxy = await startProxy(upstream);
  const cases = await Promise.all(
    namespaces.map(async (namespace) => {
      const publisher = redisPublisher({ url: primary.url, namespace });
      const run = new Publications(publisher);
      await run.publish(between(random, 1, 10));
      const { source, feed } = redisStore({
        url: `redis://127.0.0.1:${proxy.port}`,
        namespace,
        heartbeatMs: 200,
        connectTimeoutMs: 1_000,
      });
      const watched = watch(source, feed, { ...CLIENT, refreshIntervalMs: 200, refreshMode: 'both' });
      await watched.serves(run.n);
      return { namespace, publisher, run, watched };
    }),
  );
  for (const { namespace, run } of cases) {
    await eventually(async () => expect(await heldBy(replica, namespace)).toEqual(run.last));
  }
  await stall(replica);
  await Promise.all(cases.map(({ run }) => run.publish(between(random, 1, MOST_LOST))));
  await Promise.all(cases.map(({ run, watched }) => watched.serves(run.n)));
  // From here on they see what they served before, and are told to look at it.
  upstream.port = replica.port;
  proxy.cut();
  await eventually(() => {
    for (const { watched } of cases) expect(watched.client.health().last_error?.reason).toBe('older_revision');
  });
  for (const { namespace } of cases) await replica.command('PUBLISH', `${namespace}:config-changed`, 'refresh');
  const ignored = cases.map(({ watched }) => watched.metrics.total('feature_flag_ignored_revisions_total') ?? 0);
  await eventually(() => {
    for (const [n, { watched }] of cases.entries()) {
      expect(watched.metrics.total('feature_flag_ignored_revisions_total')).toBeGreaterThan((ignored[n] ?? 0) + 1);
    }
  });
  const back = cases.filter(({ run, watched }) => !watched.client.isEnabled(`is_${run.n}`)).length;
  for (const { watched } of cases) expect(watched.client.health().lost_writes).toBeNull();

  await replica.command('CONFIG', 'SET', 'masterauth', '');
  await replicates(replica);
  await Promise.all(cases.map(({ run }) => run.publish(1)));
  await Promise.all(cases.map(({ run, watched }) => watched.serves(run.n)));
  await Promise.all(cases.map(({ publisher, watched }) => Promise.all([publisher.close(), watched.client.close()])));
  await proxy.stop();
  return back;
}

/** What a server holds, past every adapter. */
async function heldBy(server: RedisServer, namespace = 'feature_flags'): Promise<Revision | undefined> {
  const reply = (await server.command('HMGET', `${namespace}:document`, 'epoch', 'v', 'sha256')) as (string | null)[];
  const [epoch, version, hash] = reply;
  return typeof hash === 'string' ? { epoch: Number(epoch), version: Number(version), hash } : undefined;
}

/** From here on it misses what its primary is told: it is cut off, and its password is refused. */
async function stall(replica: RedisServer): Promise<void> {
  await replica.command('CONFIG', 'SET', 'masterauth', 'wrong');
  await replica.command('CLIENT', 'KILL', 'TYPE', 'master');
  await eventually(async () => {
    expect(String(await replica.command('INFO', 'replication'))).toContain('master_link_status:down');
  });
}

function between(random: () => number, least: number, most: number): number {
  return least + Math.floor(random() * (most - least + 1));
}
