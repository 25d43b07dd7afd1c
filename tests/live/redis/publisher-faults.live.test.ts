// F36 and what else can go wrong on the way to the store.
import type { CountedRevision, Revision } from '@clarity/flags-core/ports';
import { redisPublisher, redisSource } from '@clarity/flags-redis';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, expect, it, onTestFinished } from 'vitest';
import { type RedisServer, startRedis } from '../support/redis-server.ts';
import { startReplicaPair } from '../support/redis-topologies.ts';
import { CHANNEL, documentText, eventually, noticeText, publish, restore } from './watched-client.ts';

const never = new AbortController().signal;
let server: RedisServer;

beforeEach(async () => {
  server = await startRedis();
});

afterEach(async () => {
  await server.stop();
});

async function stored(): Promise<{ readonly revision: Revision; readonly text: string }> {
  const source = redisSource({ url: server.url });
  const result = await source.read(undefined, never);
  await source.close();
  if (result.kind !== 'document') throw new Error('the store gave no document');
  return result;
}

it('F36 of two publishers at once one wins and the other learns of it, a hundred times over', async () => {
  const publishers = [redisPublisher({ url: server.url }), redisPublisher({ url: server.url })];
  onTestFinished(async () => void (await Promise.all(publishers.map((one) => one.close()))));
  let expected: Revision | 'absent' = 'absent';
  for (let round = 1; round <= 100; round += 1) {
    const from: Revision | 'absent' = expected;
    const outcomes = await Promise.allSettled(
      publishers.map((one, n) => one.publish(documentText(2 * round + n), from, never)),
    );
    const [winners, losers] = [
      outcomes.filter(({ status }) => status === 'fulfilled'),
      outcomes.filter(({ status }) => status === 'rejected'),
    ];
    expect(winners).toHaveLength(1);
    expect(losers[0]).toMatchObject({ reason: { _tag: 'StoreError', reason: 'conflict', retryable: false } });
    const winner = outcomes.findIndex(({ status }) => status === 'fulfilled');
    const held = await stored();
    expect(held.text).toBe(documentText(2 * round + winner));
    expected = held.revision;
  }
  expect((expected as CountedRevision).version).toBe(100);
});

it('F90 a version rises by one with each publish and begins again with a restore, and the epoch rises with both', async () => {
  const listener = new Redis(server.url);
  onTestFinished(() => listener.disconnect());
  const heard: string[] = [];
  listener.on('message', (_, message: string) => heard.push(message));
  await listener.subscribe(CHANNEL);
  const first = (await publish(server.url, 1)) as CountedRevision;
  const second = (await publish(server.url, 2, first)) as CountedRevision;
  const restored = (await restore(server.url, 1)) as CountedRevision;
  const last = (await publish(server.url, 4, restored)) as CountedRevision;
  expect([first, second, restored, last].map(({ version }) => version)).toEqual([1, 2, 1, 2]);
  const epochs = [first, second, restored, last].map(({ epoch }) => epoch);
  expect(epochs).toEqual([...new Set(epochs)].sort((one, other) => one - other));
  const scope = { namespace: 'feature_flags', database: 0 };
  const notices = [first, second, restored, last].map((revision) => noticeText(scope, revision as CountedRevision));
  await eventually(() => expect(heard).toEqual(notices));
});

it('a publisher that may not announce writes nothing', async () => {
  const first = await publish(server.url, 1);
  await server.command('ACL', 'SETUSER', 'mute', 'on', '>secret word', '+@all', '~*', 'resetchannels');
  const publisher = redisPublisher({ url: `redis://mute:secret%20word@127.0.0.1:${server.port}` });
  onTestFinished(() => publisher.close());
  const refusal = publisher.publish(documentText(2), first, never);
  await expect(refusal).rejects.toMatchObject({
    reason: 'unauthorized',
    message: expect.not.stringContaining('secret'),
  });
  expect(await stored()).toMatchObject({ text: documentText(1), revision: first });
});

it('a publisher needs no more than EVAL, HMGET, HSET and PUBLISH, and does without TIME', async () => {
  const grants = ['~feature_flags:*', '&feature_flags:*', '+eval', '+hmget', '+hset', '+publish'];
  await server.command('ACL', 'SETUSER', 'writer', 'on', '>secret', ...grants);
  const publisher = redisPublisher({ url: `redis://writer:secret@127.0.0.1:${server.port}` });
  onTestFinished(() => publisher.close());
  const before = Date.now();
  const first = (await publisher.publish(documentText(1), 'absent', never)) as CountedRevision;
  expect(first.epoch).toBeGreaterThanOrEqual(before);
  expect(first.epoch).toBeLessThanOrEqual(Date.now());
});

it('a publish to a replica is refused with what to do, and a primary that was demoted is left', async () => {
  const { primary, replica, stop } = await startReplicaPair();
  onTestFinished(stop);
  const publisher = redisPublisher({ url: replica.url });
  onTestFinished(() => publisher.close());
  const refusal = { reason: 'unavailable', message: expect.stringContaining('publish to the primary') };
  await expect(publisher.publish(documentText(1), 'absent', never)).rejects.toMatchObject(refusal);
  await replica.command('REPLICAOF', 'NO', 'ONE');
  await publisher.publish(documentText(1), 'absent', never);
  await replica.command('REPLICAOF', primary.host, primary.port);
  await expect(publisher.restore(documentText(2), never)).rejects.toMatchObject(refusal);
});

it('a server without memory takes nothing and keeps what it has', async () => {
  const first = await publish(server.url, 1);
  await server.command('CONFIG', 'SET', 'maxmemory', '1');
  const refusal = { reason: 'unavailable', message: expect.stringContaining('memory') };
  await expect(publish(server.url, 2, first)).rejects.toMatchObject(refusal);
  await server.command('CONFIG', 'SET', 'maxmemory', '0');
  expect((await stored()).text).toBe(documentText(1));
});

it('an abort, with the server frozen, ends a publish at once, and the next one gets through', async () => {
  const first = await publish(server.url, 1);
  const publisher = redisPublisher({ url: server.url });
  onTestFinished(() => publisher.close());
  server.freeze();
  const began = performance.now();
  await expect(publisher.publish(documentText(2), first, AbortSignal.timeout(100))).rejects.toMatchObject({
    reason: 'timeout',
  });
  expect(performance.now() - began).toBeLessThan(1_000);
  server.thaw();
  const { revision } = await stored();
  await publisher.publish(documentText(3), revision, never);
  expect((await stored()).text).toBe(documentText(3));
});
