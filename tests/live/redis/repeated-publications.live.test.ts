// F60: the reply to a publication got lost, and the client sends it again. It is answered as it was the first time, and
// applied once.
import { textHash } from '@clarity/flags-core/adapter-kit';
import {
  parseRedisPublishReply,
  REDIS_PUBLISH_SCRIPT,
  redisLayout,
  type RedisPublication,
  redisPublishArguments,
} from '@clarity/flags-redis-protocol';
import { redisPublisher } from '@clarity/flags-redis';
import { Cluster, Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { startProxy } from '../support/proxy.ts';
import { type RedisServer, startRedis } from '../support/redis-server.ts';
import { startCluster } from '../support/redis-topologies.ts';
import { documentText, eventually, KEY, publish } from './watched-client.ts';

const never = new AbortController().signal;
const IDS = 'feature_flags:ids:{feature_flags:document}';

let server: RedisServer;

beforeEach(async () => {
  server = await startRedis();
});

afterEach(async () => {
  await server.stop();
});

/** A publisher whose next answer does not come back, until `mend` lets its client send again. */
async function withoutItsAnswer() {
  const proxy = await startProxy({ port: server.port });
  const client = new Redis(proxy.port, { retryStrategy: () => 10 });
  client.on('error', () => undefined);
  onTestFinished(async () => {
    client.disconnect();
    await proxy.stop();
  });
  await client.ping();
  proxy.cutAfter(client.stream.bytesRead);
  return { publisher: redisPublisher({ client }), mend: () => proxy.mend() };
}

const held = async (): Promise<unknown> => server.command('HGET', KEY, 'doc');

describe('F60 a publication that is sent again because its answer got lost', () => {
  it('is not a conflict, and counts once', async () => {
    const first = await publish(server.url, 1);
    const { publisher, mend } = await withoutItsAnswer();
    const publishing = publisher.publish(documentText(2), first, never);
    await eventually(async () => expect(await held()).toBe(documentText(2)));
    await mend();
    expect(await publishing).toMatchObject({ version: 2 });
    expect(await server.command('HGET', KEY, 'v')).toBe('2');
  });

  it('is not a conflict either when somebody else published meanwhile, whose document stays', async () => {
    const first = await publish(server.url, 1);
    const { publisher, mend } = await withoutItsAnswer();
    const publishing = publisher.publish(documentText(2), first, never);
    await eventually(async () => expect(await held()).toBe(documentText(2)));
    const epoch = Number(await server.command('HGET', KEY, 'epoch'));
    await publish(server.url, 3, { epoch, version: 2 });
    await mend();
    expect(await publishing).toMatchObject({ epoch, version: 2 });
    expect(await held()).toBe(documentText(3));
  });

  it('and a restore does not write over what somebody else published meanwhile', async () => {
    await publish(server.url, 1);
    const { publisher, mend } = await withoutItsAnswer();
    const restoring = publisher.restore(documentText(2), never);
    await eventually(async () => expect(await held()).toBe(documentText(2)));
    const epoch = Number(await server.command('HGET', KEY, 'epoch'));
    await publish(server.url, 3, { epoch, version: 1 });
    await mend();
    expect(await restoring).toMatchObject({ epoch, version: 1 });
    expect(await held()).toBe(documentText(3));
  });
});

describe('F60 about the last thousand publications', () => {
  type Send = (publication: RedisPublication) => Promise<ReturnType<typeof parseRedisPublishReply>>;

  const sender =
    (redis: Redis | Cluster): Send =>
    async (publication) => {
      const { keys, args } = redisPublishArguments(publication);
      return parseRedisPublishReply(await redis.eval(REDIS_PUBLISH_SCRIPT, 1, ...keys, ...args), publication);
    };

  async function publication(n: number, expected: RedisPublication['expected']): Promise<RedisPublication> {
    const text = documentText(n);
    return {
      layout: redisLayout(),
      scope: { namespace: 'feature_flags' },
      text,
      hash: await textHash(text),
      expected,
      id: `publication-${n}`,
      wallMs: Date.now(),
    };
  }

  function connected(): Redis {
    const redis = new Redis(server.url);
    onTestFinished(() => redis.disconnect());
    return redis;
  }

  it('are answered as they were the first time, also restores and those that expect a hash; one from before is not known', async () => {
    const send = sender(connected());
    const sent = [await publication(0, 'absent')];
    const answers = [await send(sent[0] as RedisPublication)];
    for (let n = 1; n <= 1_100; n += 1) {
      const last = answers.at(-1);
      const expected = n % 3 === 0 ? 'any' : n % 3 === 1 ? { hash: last?.hash ?? '' } : (last ?? 'any');
      const next = await publication(n, expected);
      sent.push(next);
      answers.push(await send(next));
    }
    for (const n of [101, 102, 103, 104, 500, 1_023, 1_024, 1_025, 1_098, 1_099, 1_100]) {
      const { warnings: _, ...first } = answers[n] as (typeof answers)[number];
      expect(await send(sent[n] as RedisPublication), `publication ${n}`).toEqual(first);
    }
    expect(await held()).toBe(documentText(1_100));
    await expect(send(sent[0] as RedisPublication)).rejects.toMatchObject({ reason: 'conflict' });
    // 32 blocks and where the next one goes: it grows no further.
    expect(await server.command('HLEN', IDS)).toBe(33);
    expect(Number(await server.command('MEMORY', 'USAGE', IDS, 'SAMPLES', 0))).toBeLessThan(150_000);
  });

  it('are known also where the text that they expected, by its hash, is there again', async () => {
    const send = sender(connected());
    const first = await send(await publication(1, 'absent'));
    const upon = await publication(2, { hash: first.hash });
    const second = await send(upon);
    await send({ ...(await publication(1, second)), id: 'the-first-text-again' });
    expect(await send(upon)).toEqual(second);
    expect(await held()).toBe(documentText(1));
  });

  it('are known by their whole ids', async () => {
    const send = sender(connected());
    await server.command('HSET', IDS, 'next', '5', '0', '\nanother publication-2 1 2 3');
    const first = await send(await publication(1, 'absent'));
    const second = await send(await publication(2, first));
    await send(await publication(3, second));
    expect(await send(await publication(2, first))).toEqual(second);
  });

  it.each([
    ['a text', ['SET', IDS, 'x']],
    ['other fields', ['HSET', IDS, 'next', 'x', '0', 'publication-2', '1', '\npublication-2 x y z']],
    ['a flood', ['HSET', IDS, 'next', '5', '0', 'x'.repeat(1_000_000)]],
    ['a number beyond', ['HSET', IDS, 'next', '9007199254740993']],
  ] as const)('may be replaced by %s: publishing goes on', async (_, [name, ...args]) => {
    const send = sender(connected());
    await server.command(name, ...args);
    const first = await send(await publication(1, 'absent'));
    const second = await send(await publication(2, first));
    expect(await send(await publication(2, first))).toEqual(second);
    await expect(send(await publication(3, first))).rejects.toMatchObject({ reason: 'conflict' });
    expect(Number(await server.command('MEMORY', 'USAGE', IDS, 'SAMPLES', 0))).toBeLessThan(20_000);
  });

  it('of a publisher that may not keep them there are one: the last', async () => {
    await server.command('ACL', 'SETUSER', 'writer', 'on', '>secret', `~${KEY}`, '&*', '+@all');
    const redis = new Redis(`redis://writer:secret@127.0.0.1:${server.port}`);
    onTestFinished(() => redis.disconnect());
    const send = sender(redis);
    const first = await send(await publication(1, 'absent'));
    const second = await send(await publication(2, first));
    expect(await send(await publication(2, first))).toMatchObject({ epoch: second.epoch, version: 2 });
    await send(await publication(3, second));
    await expect(send(await publication(2, first))).rejects.toMatchObject({ reason: 'conflict' });
  });

  it('are in the slot of the document in a Cluster, where the script may use them, and move with it', async () => {
    const cluster = await startCluster();
    const client = new Cluster(cluster.startupNodes);
    onTestFinished(async () => {
      client.disconnect();
      await cluster.stop();
    });
    const slot = await cluster.nodes[0]?.command('CLUSTER', 'KEYSLOT', KEY);
    expect(await cluster.nodes[0]?.command('CLUSTER', 'KEYSLOT', IDS)).toBe(slot);
    const send = sender(client);
    const first = await send(await publication(1, 'absent'));
    const second = await send(await publication(2, first));
    const third = await send(await publication(3, second));
    expect(third.warnings).toBeUndefined();
    expect(await send(await publication(2, first))).toEqual(second);
    expect(await client.hlen(IDS)).toBe(2);
    const owner = await cluster.moveSlotOf(KEY);
    expect(await owner.command('EXISTS', KEY, IDS)).toBe(2);
    expect(await send(await publication(2, first))).toEqual(second);
    expect((await send(await publication(4, third))).warnings).toMatchObject([{ kind: 'store-restarted' }]);
    expect(await send(await publication(3, second))).toMatchObject({ epoch: third.epoch });
  });
});
