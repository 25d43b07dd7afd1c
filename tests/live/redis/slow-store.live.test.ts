// F94: a store that is slow, perhaps because it has too much to do, is not given more to do.
import { redisFeed, redisPublisher, redisSource } from '@clarity/flags-redis';
import { afterEach, beforeEach, expect, it, onTestFinished } from 'vitest';
import { startProxy, type TcpProxy } from '../support/proxy.ts';
import { type RedisServer, startRedis } from '../support/redis-server.ts';
import { documentText, eventually, publish, watch } from './watched-client.ts';

const never = new AbortController().signal;
let server: RedisServer;
let proxy: TcpProxy;
let url: string;

beforeEach(async () => {
  server = await startRedis();
  proxy = await startProxy({ port: server.port });
  url = `redis://127.0.0.1:${proxy.port}`;
});

afterEach(async () => {
  await proxy.stop();
  await server.stop();
});

/** What the server is asked, and how many connections are made to it, while `act` runs. */
async function loadOf(act: () => Promise<unknown>): Promise<{ commands: Record<string, number>; connections: number }> {
  await server.command('CONFIG', 'RESETSTAT');
  const before = proxy.accepted();
  await act();
  const stats = String(await server.command('INFO', 'commandstats'));
  // The connection of the test itself says hello and asks.
  const own = new Set(['info', 'config|resetstat', 'hello', 'client|setinfo', 'client|setname']);
  const counted = [...stats.matchAll(/cmdstat_([a-z|]+):calls=(\d+)/g)].map(([, name = '', n]) => [name, Number(n)]);
  return {
    commands: Object.fromEntries(counted.filter(([name]) => !own.has(String(name)))) as Record<string, number>,
    connections: proxy.accepted() - before,
  };
}

it.each([600, 1_500])(
  'F94 a store that answers after %i ms is asked once a check, over one connection',
  async (slowMs) => {
    const { version, epoch, hash } = await publish(server.url, 1);
    const known = { version, epoch, ...(hash !== undefined && { hash }) };
    proxy.delay(slowMs / 2);
    const source = redisSource({ url });
    onTestFinished(() => source.close());
    await source.read(known, never);
    const load = await loadOf(async () => {
      for (let check = 0; check < 2; check += 1) await source.read(known, never);
    });
    expect(load).toEqual({ commands: { hmget: 2 }, connections: 0 });
  },
  30_000,
);

it('F94 a store that was quick and becomes slow is doubted once, by a connection, and asked nothing twice', async () => {
  const known = await publish(server.url, 1);
  const source = redisSource({ url });
  onTestFinished(() => source.close());
  const checks = async (): Promise<void> => {
    for (let check = 0; check < 3; check += 1) await source.read(known, never);
  };
  await source.read(known, never);
  expect(await loadOf(checks)).toEqual({ commands: { hmget: 3 }, connections: 0 });
  proxy.delay(600);
  const load = await loadOf(checks);
  expect(load.commands).toEqual({ hmget: 3 });
  expect(load.connections).toBeLessThanOrEqual(1);
  expect(proxy.open()).toBe(1);
  // And it may become slower still.
  proxy.delay(1_200);
  expect(await loadOf(checks)).toEqual({ commands: { hmget: 3 }, connections: 0 });
}, 60_000);

it('F94 a publication to a slow store is sent once', async () => {
  const first = await publish(server.url, 1);
  const publisher = redisPublisher({ url });
  onTestFinished(() => publisher.close());
  proxy.delay(700);
  let revision = await publisher.publish(documentText(2), first, never);
  const load = await loadOf(async () => {
    revision = await publisher.publish(documentText(3), revision, never);
    revision = await publisher.publish(documentText(4), revision, never);
  });
  expect(load).toMatchObject({ commands: { eval: 2 }, connections: 0 });
  expect(revision).toMatchObject({ version: 4 });
}, 30_000);

it('F94 a subscription to a server that is slower than its heartbeat stays', async () => {
  await publish(server.url, 1);
  const source = redisSource({ url: server.url });
  const feed = redisFeed({ url, heartbeatMs: 300 });
  proxy.delay(250);
  const { feedIs, reads, client } = watch(source, feed);
  await feedIs('up');
  await eventually(() => expect(reads()).toBeGreaterThan(0));
  const downs: unknown[] = [];
  client.on('feed', ({ state }) => state === 'down' && downs.push(state));
  const load = await loadOf(async () => {
    const pings = async (): Promise<number> => {
      const stats = String(await server.command('INFO', 'commandstats'));
      return Number(/cmdstat_ping:calls=(\d+)/.exec(stats)?.[1] ?? 0);
    };
    await eventually(async () => expect(await pings()).toBeGreaterThan(5));
  });
  expect(load.connections).toBe(0);
  expect(load.commands).not.toHaveProperty('subscribe');
  expect(downs).toEqual([]);
}, 30_000);
