// What a person or another program can get wrong: each is a StoreError that says what to do and shows no secret, and a client
// that goes on.
import { isStoreError, type StoreError } from '@clarity/flags-core/ports';
import { redisFeed, redisPublisher, redisSource, redisStore } from '@clarity/flags-redis';
import { Cluster, Redis } from 'ioredis';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
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
    ['a user where the scheme is', `flags:${PASSWORD}@localhost`],
    ['cut by a # in the password', `redis://flags:1#${PASSWORD}@localhost`],
    ['cut by a ? in the password', `redis://flags:1?${PASSWORD}@localhost`],
    ['cut by a / in the password', `redis://flags:1/${PASSWORD}@localhost`],
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

describe('a server that is not Redis', () => {
  it('is said to be none', async () => {
    const other = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
    });
    await once(other.listen(0, '127.0.0.1'), 'listening');
    onTestFinished(() => void other.close());
    const url = `redis://flags:${PASSWORD}@127.0.0.1:${(other.address() as AddressInfo).port}`;
    const refusal = await refusalOf(redisSource({ url }));
    expect(refusal).toMatchObject({
      reason: 'unavailable',
      message: expect.stringMatching(/is not Redis.*host and port/),
    });
  });

  it('or speaks no TLS is waited for as long as was said, and TLS is named', async () => {
    const refusal = await refusalOf(redisSource({ url: `rediss://127.0.0.1:${server.port}`, connectTimeoutMs: 150 }));
    expect(refusal).toMatchObject({ reason: 'timeout', message: expect.stringContaining('speaks TLS') });
  });
});

describe('a client that was handed in and cannot connect', () => {
  it.each([
    ['as nothing listens', { port: 1 }, 'unavailable', 'ECONNREFUSED'],
    ['as its password is wrong', { password: PASSWORD }, 'unauthorized', 'WRONGPASS'],
  ])('%s says so before the deadline, and every role does', async (_, options, reason, hint) => {
    await server.command('CONFIG', 'SET', 'requirepass', 'right');
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

  it('as a Cluster that is none says so', async () => {
    const client = new Cluster([{ host: '127.0.0.1', port: server.port }]);
    client.on('error', () => undefined);
    onTestFinished(() => client.disconnect());
    expect(await refusalOf(redisSource({ client }))).toMatchObject({
      reason: 'unavailable',
      message: expect.stringContaining('Cluster does not answer'),
    });
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
    [{ tls: 'certificate' }, 'tls is of type string'],
  ])('nor are the options %j', (options, message) => {
    expect(() => redisSource({ url: server.url, ...(options as object) })).toThrow(message);
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
    ['without a version', ['HDEL', KEY, 'v'], undefined, 'without a readable v'],
    ['with a version that is none', ['HSET', KEY, 'v', 'seven'], undefined, 'without a readable v'],
    ['with a hash that is none', ['HSET', KEY, 'sha256', 'abc'], undefined, 'without a readable sha256'],
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

  it.each([
    ['that a notice announced', 33_554_432],
    ['that says to be small', 100],
  ])('F19 with a document above the limit %s is not read to its end, and the next check goes on', async (_, bytes) => {
    const hash = 'a'.repeat(64);
    const large = 'x'.repeat(33_554_432);
    const record = ['epoch', 1, 'v', 1, 'sha256', hash, 'at', 1, 'bytes', bytes];
    await server.command('HSET', KEY, ...record, 'doc', large);
    await server.command('CONFIG', 'RESETSTAT');
    const source = redisSource({ url: server.url, maxBytes: 100_000 });
    onTestFinished(() => source.close());
    const announced = { epoch: 1, version: 1, hash };
    await expect(source.read({ epoch: 1, version: 0 }, never, announced)).rejects.toMatchObject({
      reason: 'too-large',
      revision: announced,
      message: expect.stringMatching(/ bytes and at most 100000 are allowed/),
    });
    const sent = Number(/total_net_output_bytes:(\d+)/.exec(String(await server.command('INFO', 'stats')))?.[1]);
    expect(sent).toBeLessThan(large.length / 2);
    expect(await source.read(announced, never)).toMatchObject({ kind: 'unchanged' });
  });

  it('F19 documents within the limit are not taken for one that is larger, whatever is read beside them', async () => {
    const first = await publish(server.url, 1);
    const flags = { big: { status: 'enabled', description: 'x'.repeat(600_000) } };
    const text = JSON.stringify({ schemaVersion: 1, flags });
    const publisher = redisPublisher({ url: server.url });
    const revision = await publisher.publish(text, first, never);
    await publisher.close();
    const source = redisSource({ url: server.url, maxBytes: text.length });
    onTestFinished(() => source.close());
    const results = await Promise.all(Array.from({ length: 8 }, () => source.read(first, never, revision)));
    expect(results).toEqual(results.map(() => expect.objectContaining({ kind: 'document', text, revision })));
  });
});
