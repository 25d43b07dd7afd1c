// What a person or another program can get wrong: each is a StoreError that says what to do and shows no secret, and a client
// that goes on.
import { isStoreError, type StoreError } from '@clarity/flags-core/ports';
import { redisFeed, redisPublisher, redisSource, redisStore } from '@clarity/flags-redis';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { type RedisServer, startRedis } from '../support/redis-server.ts';
import { CHANNEL, documentText, eventually, KEY, publish, restore, watch } from './watched-client.ts';

const never = new AbortController().signal;
const PASSWORD = 'hunter2-hunter2';

let server: RedisServer;

beforeEach(async () => {
  server = await startRedis();
});

afterEach(async () => {
  await server.stop();
});

async function refusalOf(source: ReturnType<typeof redisSource>): Promise<StoreError> {
  try {
    const outcome: unknown = await source.read(undefined, never).catch((error: unknown) => error);
    if (isStoreError(outcome)) return outcome;
    throw new Error('it was not refused');
  } finally {
    await source.close();
  }
}

describe('an address', () => {
  it.each([
    ['no URL', `localhost:6379/${PASSWORD}`],
    ['another protocol', `http://u:${PASSWORD}@localhost`],
    ['no host', `redis://`],
    ['a port that is none', `redis://u:${PASSWORD}@localhost:99999`],
    ['a database that is no number', `redis://u:${PASSWORD}@localhost/flags`],
    ['nothing', ''],
  ])('that is %s is invalid, and is not shown', (_, url) => {
    for (const make of [redisSource, redisFeed, redisPublisher, redisStore]) {
      let thrown: unknown;
      try {
        make({ url });
      } catch (error) {
        thrown = error;
      }
      expect(thrown).toMatchObject({
        _tag: 'StoreError',
        reason: 'invalid',
        message: expect.stringMatching(/rediss?:\/\/.* is allowed/),
      });
      expect(String(thrown)).not.toContain(PASSWORD);
    }
  });

  it('or a client must be given, and not both', () => {
    const neither = {} as unknown as Parameters<typeof redisSource>[0];
    expect(() => redisSource(neither)).toThrow('neither url and client are given');
    const client = new Redis({ lazyConnect: true });
    onTestFinished(() => client.disconnect());
    const both = { url: server.url, client } as unknown as Parameters<typeof redisSource>[0];
    expect(() => redisSource(both)).toThrow('both url and client are given');
  });

  it('may hold signs that a URL encodes', async () => {
    await server.command('ACL', 'SETUSER', 'a/b', 'on', '>p@ss:w%rd/#', '~*', '&*', '+@all');
    const url = `redis://${encodeURIComponent('a/b')}:${encodeURIComponent('p@ss:w%rd/#')}@127.0.0.1:${server.port}/2`;
    await restore(`${server.url}/2`, 1);
    const source = redisSource({ url });
    onTestFinished(() => source.close());
    expect(await source.read(undefined, never)).toMatchObject({ text: documentText(1) });
  });

  it.each([
    ['where nothing listens', 'redis://127.0.0.1:1', 'unavailable', 'ECONNREFUSED'],
    ['F26 that no name server knows', 'redis://no-such-host.invalid', 'unavailable', 'host name'],
  ])('%s is unavailable, and may be tried again', async (_, url, reason, hint) => {
    const refusal = await refusalOf(redisSource({ url }));
    expect(refusal).toMatchObject({ reason, retryable: true, message: expect.stringContaining(hint) });
  });
});

describe('a client that is not one', () => {
  it.each([[{}], [null], ['redis://localhost'], [new Map()]])('is refused: %j', (client) => {
    const options = { client } as unknown as Parameters<typeof redisSource>[0];
    expect(() => redisSource(options)).toThrow(/an ioredis Redis or Cluster is allowed/);
  });

  it('or one with a key prefix is refused, with what to do', () => {
    const client = new Redis({ lazyConnect: true, keyPrefix: 'app:' });
    onTestFinished(() => client.disconnect());
    expect(() => redisSource({ client })).toThrow(/keyPrefix.*namespace/);
  });

  it.each([
    [{ maxBytes: 0 }, 'maxBytes is 0'],
    [{ maxBytes: Number.NaN }, 'maxBytes is NaN'],
    [{ connectTimeoutMs: 0 }, 'connectTimeoutMs is 0'],
    [{ namespace: 'a b' }, 'namespace is "a b"'],
    [{ channel: '' }, 'channel is ""'],
  ])('nor are the options %j', (options, message) => {
    expect(() => redisSource({ url: server.url, ...options })).toThrow(message);
  });

  it.each([0, 99, 600_001, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('nor is a heartbeat of %s ms', (heartbeatMs) => {
    expect(() => redisFeed({ url: server.url, heartbeatMs })).toThrow(/heartbeatMs is .* from 100 to 600000/);
  });
});

describe('the server', () => {
  it.each([
    ['a wrong password', `redis://flags:${PASSWORD}@`, 'WRONGPASS'],
    ['a user that is not there', `redis://nobody:${PASSWORD}@`, 'WRONGPASS'],
    ['no password', 'redis://', 'NOAUTH'],
  ])('says unauthorized to %s', async (_, login, code) => {
    await server.command('ACL', 'SETUSER', 'flags', 'on', '>right', '+@all', '~*', '&*');
    await server.command('CONFIG', 'SET', 'requirepass', 'something');
    const url = `${login}127.0.0.1:${server.port}`;
    const refusal = await refusalOf(redisSource({ url }));
    expect(refusal).toMatchObject({ reason: 'unauthorized', retryable: false, message: expect.stringContaining(code) });
    for (const shown of [refusal.message, refusal.stack, JSON.stringify(refusal), String(refusal.cause)]) {
      expect(shown).not.toContain(PASSWORD);
    }
  });

  it('has no database 99, and database 0 is not read instead', async () => {
    await publish(server.url, 1);
    const refusal = await refusalOf(redisSource({ url: `${server.url}/99` }));
    expect(refusal).toMatchObject({
      reason: 'invalid',
      notADocument: true,
      message: expect.stringContaining('no such database'),
    });
  });

  it('has as many clients as it allows', async () => {
    const client = new Redis(server.url);
    onTestFinished(() => client.disconnect());
    await client.config('SET', 'maxclients', 1);
    const refusal = await refusalOf(redisSource({ url: server.url }));
    expect(refusal).toMatchObject({ reason: expect.stringMatching(/^(throttled|unavailable)$/), retryable: true });
  });
});

describe('the key', () => {
  /** Looked at often. */
  const polling = { refreshIntervalMs: 100, staleAfterMs: 5_000, timeoutMs: 400 };

  it.each([
    ['SET', KEY, 'x'],
    ['LPUSH', KEY, 'x'],
    ['SADD', KEY, 'x'],
  ] as const)('of another type (%s) is refused by every role, and left alone', async (command, ...args) => {
    await server.command(command, ...args);
    const wrong = { reason: 'invalid', notADocument: false, message: expect.stringMatching(/another type.*namespace/) };
    expect(await refusalOf(redisSource({ url: server.url }))).toMatchObject(wrong);
    await expect(publish(server.url, 1)).rejects.toMatchObject(wrong);
    await expect(restore(server.url, 1)).rejects.toMatchObject(wrong);
    expect(await server.command('TYPE', KEY)).not.toBe('hash');
  });

  it.each([
    ['a hash of somebody else', ['DEL', KEY], ['HSET', KEY, 'name', 'value'], 'not-found'],
    ['without a version', ['HDEL', KEY, 'v'], undefined, 'without v'],
    ['with a version that is none', ['HSET', KEY, 'v', 'seven'], undefined, 'unreadable v'],
    ['with a hash that is none', ['HSET', KEY, 'sha256', 'abc'], undefined, 'unreadable sha256'],
    ['with a text that was changed by hand', ['HSET', KEY, 'v', 9, 'doc', '{}'], undefined, 'does not match its hash'],
    ['without a text', ['HDEL', KEY, 'doc'], ['HSET', KEY, 'v', 9], 'does not match its hash'],
  ] as const)('%s is said to be so; what was served stays, and a restore mends it', async (_, first, second, hint) => {
    await publish(server.url, 1);
    const { source, feed } = redisStore({ url: server.url });
    const { client, serves, said } = watch(source, feed, polling);
    await serves(1);
    for (const [name, ...args] of [first, second ?? []]) if (name !== undefined) await server.command(name, ...args);
    await eventually(() => expect(said()).toContain(hint));
    expect(client.isEnabled('is_1')).toBe(true);
    expect(client.breakerState()).toBe('closed');
    await restore(server.url, 2);
    await serves(2);
  });

  it('F17 with a text that does not match its hash is downloaded once for each revision, however often it is looked at', async () => {
    await publish(server.url, 1);
    const { source, feed } = redisStore({ url: server.url });
    const { client, serves, reads } = watch(source, feed, polling);
    await serves(1);
    await server.command('HSET', KEY, 'v', 9, 'doc', documentText(666));
    await server.command('CONFIG', 'RESETSTAT');
    const from = reads();
    await server.command('PUBLISH', CHANNEL, 'refresh');
    await eventually(() => expect(client.health().rejected_document).not.toBeNull());
    await eventually(() => expect(reads() - from).toBeGreaterThan(8));
    // Each check asks for the revision only; the text was asked for twice.
    const calls = String(await server.command('INFO', 'commandstats'));
    const hmget = Number(/cmdstat_hmget:calls=(\d+)/.exec(calls)?.[1]);
    expect(hmget).toBeLessThanOrEqual(reads() - from + 3);
  });

  it('F19 with a document above the limit is refused before it is downloaded, with both sizes', async () => {
    await publish(server.url, 1);
    const large = JSON.stringify({
      schemaVersion: 1,
      flags: { big: { status: 'enabled', description: 'x'.repeat(200_000) } },
    });
    const publisher = redisPublisher({ url: server.url });
    await publisher.restore(large, never);
    await publisher.close();
    await server.command('CONFIG', 'RESETSTAT');
    const refusal = await refusalOf(redisSource({ url: server.url, maxBytes: 100_000 }));
    expect(refusal).toMatchObject({ reason: 'too-large', message: expect.stringMatching(/\d{6} bytes.*100000/) });
    const sent = Number(/total_net_output_bytes:(\d+)/.exec(String(await server.command('INFO', 'stats')))?.[1]);
    expect(sent).toBeLessThan(50_000);
  });
});
