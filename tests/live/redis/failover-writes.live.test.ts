// While a failover is under way nobody takes writes: what is published then is published a moment later.
import { redisPublisher, redisStore } from '@clarity/flags-redis';
import { expect, it, onTestFinished } from 'vitest';
import { startReplicaPair } from '../support/redis-topologies.ts';
import { type RedisServer, startRedis } from '../support/redis-server.ts';
import { documentText, eventually, KEY, publish } from './watched-client.ts';

const never = new AbortController().signal;

function publisherOf({ url }: RedisServer) {
  const publisher = redisPublisher({ url });
  onTestFinished(() => publisher.close());
  return publisher;
}

/** How often the server was asked to run the script. */
async function evals(server: RedisServer): Promise<number> {
  const stats = String(await server.command('INFO', 'commandstats'));
  return Number(/cmdstat_eval:calls=(\d+)/.exec(stats)?.[1] ?? 0);
}

it('a publication to a replica waits for it to take over, and is made once', async () => {
  const { primary, replica, stop } = await startReplicaPair();
  onTestFinished(stop);
  const held = await publish(primary.url, 1);
  await eventually(async () => expect(await replica.command('EXISTS', KEY)).toBe(1));
  const publishing = publisherOf(replica).publish(documentText(2), held, never);
  await eventually(async () => expect(await evals(replica)).toBeGreaterThan(0));
  await replica.command('REPLICAOF', 'NO', 'ONE');
  expect(await publishing).toMatchObject({ version: held.version + 1 });
  expect(await replica.command('HGET', KEY, 'doc')).toBe(documentText(2));
});

it('a publication to a primary without its replicas waits for one to come back', async () => {
  const primary = await startRedis({ args: ['--min-replicas-to-write', '1', '--min-replicas-max-lag', '10'] });
  onTestFinished(() => primary.stop());
  const publishing = publisherOf(primary).publish(documentText(1), 'absent', never);
  await eventually(async () => expect(await evals(primary)).toBeGreaterThan(0));
  const replica = await startRedis({ args: ['--replicaof', primary.host, String(primary.port)] });
  onTestFinished(() => replica.stop());
  expect(await publishing).toMatchObject({ version: 1 });
});

it('a replica that stays one is told after some seconds, as something that may pass', async () => {
  const { replica, stop } = await startReplicaPair();
  onTestFinished(stop);
  await expect(publisherOf(replica).publish(documentText(1), 'absent', never)).rejects.toMatchObject({
    reason: 'unavailable',
    retryable: true,
    message: expect.stringMatching(/read-only replica \(READONLY\); publish to the primary/),
  });
  expect(await evals(replica)).toBe(7);
}, 20_000);

it('a caller who gives up waits no longer', async () => {
  const { replica, stop } = await startReplicaPair();
  onTestFinished(stop);
  const caller = new AbortController();
  const publishing = publisherOf(replica).publish(documentText(1), 'absent', caller.signal);
  publishing.catch(() => undefined);
  await eventually(async () => expect(await evals(replica)).toBe(1));
  caller.abort();
  await expect(publishing).rejects.toMatchObject({ _tag: 'StoreError' });
  const sent = await evals(replica);
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(await evals(replica)).toBe(sent);
});

it('readers are served by a replica, and by a primary without its replicas, all the time', async () => {
  const { primary, replica, stop } = await startReplicaPair();
  onTestFinished(stop);
  await publish(primary.url, 1);
  await eventually(async () => expect(await replica.command('EXISTS', KEY)).toBe(1));
  await primary.command('CONFIG', 'SET', 'min-replicas-to-write', '5');
  for (const { url } of [primary, replica]) {
    const { source } = redisStore({ url });
    onTestFinished(() => source.close());
    expect(await source.read(undefined, never)).toMatchObject({ text: documentText(1) });
  }
});
