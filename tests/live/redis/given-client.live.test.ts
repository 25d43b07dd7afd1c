// A client that was handed in: it is used, waited for, copied, and stays its maker's.
import { redisPublisher, redisSource, redisStore } from '@clarity/flags-redis';
import { Cluster, Redis } from 'ioredis';
import { once } from 'node:events';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startRedis } from '../support/redis-server.ts';
import { documentText, eventually, KEY, publish, refusalOf, restore, watch } from './watched-client.ts';

const never = new AbortController().signal;
const PASSWORD = 'hunter2-hunter2';

/** Ends with the test, after what uses it. */
function ends(what: { disconnect(): void }): void {
  onTestFinished(() => what.disconnect());
}

describe('a client that was handed in', () => {
  it('serves source and publisher, is copied for the feed, and stays open', async () => {
    const server = await startRedis();
    onTestFinished(() => server.stop());
    const client = new Redis(server.url);
    ends(client);
    const { source, feed, publisher } = redisStore({ client });
    await publisher.publish(documentText(1), 'absent', never);
    const { client: flags, serves, feedIs } = watch(source, feed);
    await serves(1);
    await feedIs('up');
    expect(await connections(server.url)).toBe(2);
    await restore(server.url, 2);
    await serves(2);
    await flags.close();
    await publisher.close();
    expect(await client.ping()).toBe('PONG');
    await eventually(async () => expect(await connections(server.url)).toBe(1));
  });

  it('may be lazy, and is waited for while it connects', async () => {
    const server = await startRedis();
    onTestFinished(() => server.stop());
    await publish(server.url, 1);
    const client = new Redis(server.url, { lazyConnect: true });
    ends(client);
    const { source, feed } = redisStore({ client });
    const { client: flags, serves, feedIs } = watch(source, feed);
    await serves(1);
    await feedIs('up');
    expect(flags.health()).toMatchObject({ healthy: true, feed: 'up' });
  });

  it('may be that of twenty clients, which wait for it together and cause no warning of a leak', async () => {
    const server = await startRedis();
    onTestFinished(() => server.stop());
    await publish(server.url, 1);
    const warnings: string[] = [];
    const note = ({ name }: Error): void => void warnings.push(name);
    process.on('warning', note);
    onTestFinished(() => void process.off('warning', note));
    const client = new Redis(server.url, { lazyConnect: true });
    ends(client);
    const listeners = (): number[] => ['ready', 'end', 'error'].map((event) => client.listenerCount(event));
    const before = listeners();
    const watched = Array.from({ length: 20 }, () => {
      const { source, feed } = redisStore({ client });
      return watch(source, feed);
    });
    for (const { serves, feedIs } of watched) {
      await serves(1);
      await feedIs('up');
    }
    expect(listeners()).toEqual(before);
    expect(warnings).toEqual([]);
  });

  it('that is closed is an error that says so, and not a crash', async () => {
    const server = await startRedis();
    onTestFinished(() => server.stop());
    const client = new Redis(server.url);
    const ended = once(client, 'end');
    await client.quit();
    await ended;
    const { source, feed, publisher } = redisStore({ client });
    onTestFinished(async () => void (await Promise.all([source.close(), feed.close(), publisher.close()])));
    const refusal = { reason: 'unavailable', message: expect.stringContaining('handed in is closed') };
    await expect(source.read(undefined, never)).rejects.toMatchObject(refusal);
    await expect(publisher.publish(documentText(1), 'absent', never)).rejects.toMatchObject(refusal);
  });

  it('keeps nothing for later: a publish that was given up while the server was away is not carried out when it is back', async () => {
    const server = await startRedis();
    onTestFinished(() => server.stop());
    const client = new Redis(server.url, { retryStrategy: () => 20 });
    client.on('error', () => undefined);
    ends(client);
    await client.ping();
    const publisher = redisPublisher({ client });
    await server.kill();
    await eventually(() => expect(client.status).not.toBe('ready'));
    await expect(publisher.publish(documentText(1), 'absent', AbortSignal.timeout(100))).rejects.toMatchObject({
      reason: 'unavailable',
      message: expect.stringContaining('ECONNREFUSED'),
    });
    await server.start();
    await client.ping();
    expect(await server.command('EXISTS', KEY)).toBe(0);
    await publisher.publish(documentText(2), 'absent', never);
  });

  /** Ours and those of others, without the one that asks. */
  async function connections(url: string): Promise<number> {
    const redis = new Redis(url);
    const list = String(await redis.client('LIST'));
    redis.disconnect();
    return list.trim().split('\n').length - 1;
  }
});

describe('a client that was handed in and cannot connect', () => {
  it.each([
    ['as nothing listens', { port: 1 }, 'unavailable', 'ECONNREFUSED'],
    ['as its password is wrong', { password: PASSWORD }, 'unauthorized', 'WRONGPASS'],
  ])('%s says so before the deadline, and every role does', async (_, options, reason, hint) => {
    const server = await startRedis({ args: ['--requirepass', 'right'] });
    onTestFinished(() => server.stop());
    const client = new Redis({ port: server.port, ...options });
    client.on('error', () => undefined);
    onTestFinished(() => client.disconnect());
    // Those of 'ready' are ioredis' own, too, while it connects.
    const listeners = (): number => ['end', 'error'].reduce((sum, event) => sum + client.listenerCount(event), 0);
    const before = listeners();
    const refused = { reason, message: expect.stringContaining(hint) };
    expect(await refusalOf(redisSource({ client }))).toMatchObject(refused);
    await expect(redisPublisher({ client }).restore(documentText(1), never)).rejects.toMatchObject(refused);
    expect(listeners()).toBe(before);
  });

  it('as a Cluster that is not one says so', async () => {
    const server = await startRedis();
    onTestFinished(() => server.stop());
    const client = new Cluster([{ host: '127.0.0.1', port: server.port }]);
    client.on('error', () => undefined);
    onTestFinished(() => client.disconnect());
    expect(await refusalOf(redisSource({ client }))).toMatchObject({
      reason: 'unavailable',
      message: expect.stringContaining('Cluster does not answer'),
    });
  });
});
