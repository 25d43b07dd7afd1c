// A connection that was idle may be gone without a word. A read over it must not wait for the deadline.
import { redisPublisher, redisSource } from '@clarity/flags-redis';
import { afterEach, beforeEach, expect, it, onTestFinished } from 'vitest';
import { startProxy, type TcpProxy } from '../support/proxy.ts';
import { type RedisServer, startRedis } from '../support/redis-server.ts';
import { documentText, publish, restore, timed } from './watched-client.ts';

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

it('F3 a read over a connection whose cable was pulled goes over a new one, long before its deadline', async () => {
  await publish(server.url, 1);
  const source = redisSource({ url, connectTimeoutMs: 5_000 });
  onTestFinished(() => source.close());
  await source.read(undefined, never);
  proxy.drop();
  await proxy.mend();
  expect(await timed(source.read(undefined, never))).toBeLessThan(2_000);
});

it.each([
  ['cut', async () => proxy.cut()],
  ['killed by the server', () => server.command('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes')],
])('a read over a connection that was %s is not a failure', async (_, lose) => {
  await publish(server.url, 1);
  const source = redisSource({ url });
  onTestFinished(() => source.close());
  for (let round = 0; round < 20; round += 1) {
    const { revision } = await source.read(undefined, never);
    // Asked before the loss has got here, while it does, and after.
    const losing = lose();
    if (round % 3 === 0) await losing;
    if (round % 3 === 1) await proxy.idle();
    expect(await source.read(revision, never)).toMatchObject({ kind: 'unchanged' });
    await losing;
  }
});

it('a slow server answers late, once, over whichever connection', async () => {
  const first = await publish(server.url, 1);
  const source = redisSource({ url });
  const publisher = redisPublisher({ url });
  onTestFinished(async () => void (await Promise.all([source.close(), publisher.close()])));
  await source.read(undefined, never);
  let revision = await publisher.publish(documentText(2), first, never);
  // The answer comes after the doubt, while another connection is being opened.
  proxy.delay(700);
  revision = await publisher.publish(documentText(3), revision, never);
  expect(revision).toMatchObject({ version: 3 });
  expect(await source.read(undefined, never)).toMatchObject({ kind: 'document', text: documentText(3), revision });
  proxy.delay(0);
  revision = await publisher.publish(documentText(4), revision, never);
  expect(revision).toMatchObject({ version: 4 });
});

it('a server that stays silent ends a read at its deadline, and is asked once more at most', async () => {
  await publish(server.url, 1);
  const source = redisSource({ url, connectTimeoutMs: 1_000 });
  onTestFinished(() => source.close());
  await source.read(undefined, never);
  const before = proxy.accepted();
  server.freeze();
  const reading = source.read(undefined, AbortSignal.timeout(1_500));
  await expect(reading).rejects.toMatchObject({ _tag: 'StoreError', reason: 'timeout' });
  expect(proxy.accepted() - before).toBeLessThanOrEqual(1);
  server.thaw();
  await restore(server.url, 2);
  expect(await source.read(undefined, never)).toMatchObject({ text: documentText(2) });
});
