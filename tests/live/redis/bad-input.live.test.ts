// What a person can get wrong with addresses, options and servers: each is a StoreError that says what to do and shows
// no secret.
import { redisFeed, redisPublisher, redisSource, redisStore } from '@clarity/flags-redis';
import { Redis } from 'ioredis';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { type RedisServer, startRedis } from '../support/redis-server.ts';
import { documentText, publish, refusalOf, restore } from './watched-client.ts';

const never = new AbortController().signal;
const PASSWORD = 'hunter2-hunter2';

let server: RedisServer;

beforeEach(async () => {
  server = await startRedis();
});

afterEach(async () => {
  await server.stop();
});

describe('an address', () => {
  it.each([
    ['no URL', `localhost:6379/${PASSWORD}`],
    ['another protocol', `http://u:${PASSWORD}@localhost`],
    ['no host', `redis://`],
    ['a port that is not one', `redis://u:${PASSWORD}@localhost:99999`],
    ['a database that is not a number', `redis://u:${PASSWORD}@localhost/flags`],
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
        message: expect.stringMatching(/; allowed is rediss?:\/\//),
      });
      expect(String(thrown)).not.toContain(PASSWORD);
    }
  });

  it('or a client must be given, and not both', () => {
    const neither = {} as unknown as Parameters<typeof redisSource>[0];
    expect(() => redisSource(neither)).toThrow('url is missing, and so is client');
    const client = new Redis({ lazyConnect: true });
    onTestFinished(() => client.disconnect());
    const both = { url: server.url, client } as unknown as Parameters<typeof redisSource>[0];
    expect(() => redisSource(both)).toThrow('url and client are both given');
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
  it('is said not to be one', async () => {
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

describe('a client that is not one', () => {
  it.each([[{}], [null], ['redis://localhost'], [new Map()]])('is refused: %j', (client) => {
    const options = { client } as unknown as Parameters<typeof redisSource>[0];
    expect(() => redisSource(options)).toThrow(/allowed is an ioredis Redis or Cluster/);
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

  it.each(['', 'flags:secret@'])('has as many clients as it allows, for %j', async (login) => {
    const client = new Redis(server.url);
    onTestFinished(() => client.disconnect());
    await client.acl('SETUSER', 'flags', 'on', '>secret', '~*', '+@all');
    await client.config('SET', 'maxclients', 1);
    const refusal = await refusalOf(redisSource({ url: `redis://${login}127.0.0.1:${server.port}` }));
    expect(refusal).toMatchObject({ reason: expect.stringMatching(/^(throttled|unavailable)$/), retryable: true });
    // The server may hang up before what it says is read: then that is still among what to look at.
    expect(refusal.message).toMatch(/maxclients/);
  });
});
