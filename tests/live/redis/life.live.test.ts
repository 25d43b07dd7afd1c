// How it ends, what it costs while nothing happens, and set-ups of two stores.
import { fileStore } from '@clarity/flags-file';
import { redisFeed, redisStore } from '@clarity/flags-redis';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, onTestFinished } from 'vitest';
import { startProxy } from '../support/proxy.ts';
import { type RedisServer, startRedis } from '../support/redis-server.ts';
import { CHANNEL, documentText, eventually, HEARTBEAT_MS, publish, restore, timed, watch } from './watched-client.ts';

const never = new AbortController().signal;
let server: RedisServer;

beforeEach(async () => {
  server = await startRedis();
});

afterEach(async () => {
  await server.stop();
});

it('F43 close settles at once though the server is frozen, with a read, a publish and a subscription under way', async () => {
  const revision = await publish(server.url, 1);
  const { source, feed, publisher, close } = redisStore({ url: server.url });
  const { client, serves, feedIs } = watch(source, feed);
  await serves(1);
  await feedIs('up');
  server.freeze();
  const refreshing = client.refresh();
  const publishing = publisher.publish(documentText(2), revision, never);
  publishing.catch(() => undefined);
  expect(await timed(client.close())).toBeLessThan(1_000);
  expect(await timed(close())).toBeLessThan(1_000);
  await refreshing;
  await expect(publishing).rejects.toMatchObject({ _tag: 'StoreError' });
  server.thaw();
  await eventually(async () => {
    expect(String(await server.command('CLIENT', 'LIST'))).not.toContain('clarity-flags');
  });
});

it('F43 close during a reconnect ends it: no later event, no connection', async () => {
  await publish(server.url, 1);
  const proxy = await startProxy({ port: server.port });
  onTestFinished(proxy.stop);
  const { source, feed } = redisStore({ url: `redis://127.0.0.1:${proxy.port}`, heartbeatMs: HEARTBEAT_MS });
  const { client, serves, feedIs, log } = watch(source, feed);
  await serves(1);
  await feedIs('up');
  await proxy.down();
  await feedIs('down');
  await client.close();
  const said = log.entries.length;
  await proxy.mend();
  // Longer than the longest pause before the next attempts of those that were not ended.
  await expect(Promise.race([proxy.nextConnection().then(() => 'connected'), pause(1_000)])).resolves.toBe('nothing');
  expect(log.entries.length).toBe(said);
});

async function pause(ms: number): Promise<string> {
  await new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
  return 'nothing';
}

it('an idle client sends one small command a heartbeat and one a check, and nothing else', async () => {
  await publish(server.url, 1);
  const { source, feed } = redisStore({ url: server.url, heartbeatMs: HEARTBEAT_MS });
  const { serves, feedIs, reads } = watch(source, feed, { refreshIntervalMs: 300, staleAfterMs: 5_000 });
  await serves(1);
  await feedIs('up');
  // The check that the acknowledgement asked for may still be to come.
  const begun = reads();
  await eventually(() => expect(reads()).toBeGreaterThan(begun));
  await server.command('CONFIG', 'RESETSTAT');
  const [from, fromMs] = [reads(), performance.now()];
  await eventually(() => expect(reads() - from).toBe(8));
  const stats = String(await server.command('INFO', 'commandstats'));
  const checks = reads() - from;
  const heartbeats = (performance.now() - fromMs) / HEARTBEAT_MS;
  const calls = new Map([...stats.matchAll(/cmdstat_([a-z|]+):calls=(\d+)/g)].map(([, name, n]) => [name, Number(n)]));
  expect(calls.get('hmget')).toBeLessThanOrEqual(checks);
  expect(calls.get('ping')).toBeLessThanOrEqual(Math.ceil(heartbeats));
  // What counts: the connection of the test itself says hello and asks.
  const own = new Set(['hello', 'info', 'config|resetstat', 'client|setinfo', 'client|setname']);
  expect([...calls.keys()].filter((name) => name !== undefined && !own.has(name)).sort()).toEqual(['hmget', 'ping']);
  const output = String(await server.command('INFO', 'stats'));
  const bytes = Number(/total_net_input_bytes:(\d+)/.exec(output)?.[1]);
  expect(bytes).toBeLessThan(200 * (checks + heartbeats + 20));
});

it('a file holds the flags and Redis says that they changed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'clarity-mixed-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, 'flags.json');
  await writeFile(path, documentText(1));
  const { source } = fileStore({ path });
  const { client, serves, feedIs, notices } = watch(source, redisFeed({ url: server.url, heartbeatMs: HEARTBEAT_MS }));
  await serves(1);
  await feedIs('up');
  await writeFile(path, documentText(2));
  // As a deploy script in any language does.
  await server.command('PUBLISH', CHANNEL, 'refresh');
  await serves(2);
  // A publisher of ours announces its own revision, which says nothing about the file: it is looked at.
  await writeFile(path, documentText(3));
  await restore(server.url, 99);
  await serves(3);
  expect(notices).toHaveLength(2);
  // Redis goes: the flags stay, and the file is read again once Redis is back.
  await server.kill();
  await feedIs('down');
  expect(client.isEnabled('is_3')).toBe(true);
  expect(client.health().healthy).toBe(true);
  await writeFile(path, documentText(4));
  await server.start();
  await serves(4);
  await feedIs('up');
});

it('a throwing listener of the application is isolated, also on a notice and on a loss', async () => {
  await publish(server.url, 1);
  const { source, feed } = redisStore({ url: server.url, heartbeatMs: HEARTBEAT_MS });
  const { client, serves, feedIs } = watch(source, feed);
  await serves(1);
  await feedIs('up');
  for (const event of ['changed', 'error', 'fresh'] as const) {
    client.on(event, () => {
      throw new Error('thrown by a listener on purpose');
    });
  }
  await restore(server.url, 2);
  await serves(2);
  await server.kill();
  await feedIs('down');
  await server.start();
  await publish(server.url, 3);
  await serves(3);
  expect(client.health().isolated_errors).toBeGreaterThan(0);
});
