// The stand-in, as the real client sees it.
import { startUpstashServer, type UpstashServer } from '@clarity/flags-stand-ins/upstash-server';
import { Redis } from '@upstash/redis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type RedisServer, startRedis } from '../../live/support/redis-server.ts';

let redisServer: RedisServer;
let server: UpstashServer;

beforeAll(async () => {
  redisServer = await startRedis();
});
afterAll(() => redisServer.stop());
beforeEach(async () => {
  await redisServer.command('FLUSHALL');
  server = await startUpstashServer({ redisUrl: redisServer.url });
});
afterEach(() => server.stop());

function connect(options: object = {}): Redis {
  return new Redis({ url: server.url, token: server.token, enableTelemetry: false, retry: { retries: 0 }, ...options });
}

async function post(path: string, init: RequestInit = {}): Promise<{ status: number; body: unknown }> {
  const headers = { authorization: `Bearer ${server.token}` };
  const response = await fetch(server.url + path, { method: 'POST', headers, ...init });
  return { status: response.status, body: await response.json() };
}

describe.each([
  ['base64', {}],
  ['plain JSON', { responseEncoding: false }],
] as const)('the real client by %s', (_name, options) => {
  it('gets back every value that it set', async () => {
    const redis = connect(options);
    for (const value of ['flag', 'OK', 'true1234', 'ünï 🧀', { a: [1, null] }, 42]) {
      await redis.set('key', value);
      expect(await redis.get('key')).toEqual(value);
    }
    expect(await redis.mget('key', 'none')).toEqual([42, null]);
    expect(await redis.hset('hash', { a: 'flag', b: 1 })).toBe(2);
    expect(await redis.hgetall('hash')).toEqual({ a: 'flag', b: 1 });
    expect(await redis.eval('return {ARGV[1], 7, false}', [], ['flag'])).toEqual(['flag', 7, null]);
    expect(await redis.scan(0, { match: 'h*' })).toEqual(['0', ['hash']]);
  });

  it('pipelines, and carries out transactions', async () => {
    const redis = connect(options);
    expect(await redis.pipeline().set('p', 'flag').get('p').incr('n').exec()).toEqual(['OK', 'flag', 1]);
    expect(await redis.multi().get('p').incr('n').exec()).toEqual(['flag', 2]);
    expect(server.calls.map(({ operation, commands }) => [operation, commands.length])).toEqual([
      ['pipeline', 3],
      ['multi-exec', 2],
    ]);
  });

  it('is told errors of Redis', async () => {
    const redis = connect(options);
    await redis.set('key', 'text');
    await expect(redis.lpush('key', 'x')).rejects.toThrow(/WRONGTYPE/);
    await expect(redis.eval('return redis.call("NOSUCH")', [], [])).rejects.toThrow(/ERR/);
  });
});

it('a token that is wrong or missing is 401', async () => {
  await expect(connect({ token: 'no' }).get('key')).rejects.toThrow(/^WRONGPASS/);
  expect(await post('/get/key', { headers: {} })).toEqual({ status: 401, body: { error: 'Unauthorized' } });
  expect(await post(`/get/key?_token=${server.token}`, { headers: {} })).toEqual({
    status: 200,
    body: { result: null },
  });
});

it('a token that may only read is refused a write', async () => {
  server.acceptReadOnly('reader');
  const redis = connect({ token: 'reader' });
  expect(await redis.get('key')).toBeNull();
  await expect(redis.set('key', 'x')).rejects.toThrow(/^NOPERM.*'set'/);
});

it('commands may stand in the path, with the body as their last argument', async () => {
  expect(await post('/set/key', { body: 'a value' })).toEqual({ status: 200, body: { result: 'OK' } });
  expect(await post('/get/key')).toEqual({ status: 200, body: { result: 'a value' } });
  expect(await post('/set/key?EX=100', { body: 'other' })).toEqual({ status: 200, body: { result: 'OK' } });
  expect(Number(await redisServer.command('TTL', 'key'))).toBeGreaterThan(90);
});

it('what is not a request is 400 or 405, with an error', async () => {
  expect(await post('/', { body: '{' })).toMatchObject({
    status: 400,
    body: { error: expect.stringMatching(/^ERR failed to parse/) },
  });
  expect(await post('/', { body: '{}' })).toMatchObject({ status: 400 });
  expect(await post('/pipeline', { body: '["get","key"]' })).toMatchObject({ status: 400 });
  expect(await post('/', { method: 'DELETE' })).toMatchObject({ status: 405 });
  expect(await post('/', { body: JSON.stringify(['set', 'key', 'x'.repeat(1_000_000)]) })).toMatchObject({
    status: 400,
    body: { error: expect.stringMatching(/^ERR max request size exceeded/) },
  });
});

it('a transaction that cannot be queued is carried out not at all', async () => {
  const body = JSON.stringify([['set', 'key', 'x'], ['nosuch'], ['set', 'other', 'y']]);
  expect(await post('/multi-exec', { body })).toMatchObject({
    status: 400,
    body: { error: expect.stringMatching(/^EXECABORT/) },
  });
  expect(await redisServer.command('EXISTS', 'key', 'other')).toBe(0);
});

it('each answer has a sync token, which the client sends back', async () => {
  const redis = connect();
  await redis.set('key', 'x');
  expect(redis.readYourWritesSyncToken).toBe('1');
  await redis.get('key');
  expect(server.calls.map(({ headers }) => headers['upstash-sync-token'])).toEqual(['', '1']);
});

it('the real client hears what is published, also by pattern', async () => {
  const redis = connect();
  const heard = await new Promise((resolve) => {
    const subscriber = redis.subscribe('channel');
    subscriber.on('subscribe', () => void redis.publish('channel', { x: 1 }));
    subscriber.on('message', (message) => {
      void subscriber.unsubscribe();
      resolve(message);
    });
  });
  expect(heard).toEqual({ channel: 'channel', message: { x: 1 } });
  const byPattern = await new Promise((resolve) => {
    const subscriber = redis.psubscribe('cha*');
    subscriber.on('psubscribe', () => void redis.publish('chatter', { x: 2 }));
    subscriber.on('pmessage', (message) => {
      void subscriber.unsubscribe();
      resolve(message);
    });
  });
  expect(byPattern).toMatchObject({ pattern: 'cha*', channel: 'chatter' });
});
