import { Cluster, Redis } from 'ioredis';
import { afterEach, describe, expect, it } from 'vitest';
import { redisFeed, redisPublisher, redisSource, redisStore } from '../src/index.ts';
import { resolveRedis } from '../src/resolve-redis.ts';

const clients: { disconnect(): void }[] = [];

afterEach(() => {
  for (const client of clients.splice(0)) client.disconnect();
});

function address(url: string | URL): unknown {
  const { access } = resolveRedis({ url });
  return access.kind === 'address' ? access.address : undefined;
}

describe('an address', () => {
  it.each([
    ['redis://localhost', { host: 'localhost', port: 6379, db: 0 }],
    ['redis://10.0.0.1:6380/7', { host: '10.0.0.1', port: 6380, db: 7 }],
    ['redis://:secret@h', { host: 'h', port: 6379, db: 0, password: 'secret' }],
    ['redis://a%2Fb:p%40ss%2F@h', { host: 'h', port: 6379, db: 0, username: 'a/b', password: 'p@ss/' }],
    ['redis://u:50%@h', { host: 'h', port: 6379, db: 0, username: 'u', password: '50%' }],
    ['redis://[::1]:7000/', { host: '::1', port: 7000, db: 0 }],
    ['rediss://h', { host: 'h', port: 6379, db: 0, tls: {} }],
    ['redis://h?ssl_cert_reqs=none&db=3', { host: 'h', port: 6379, db: 0 }],
    ['redis://h/3?name=a@b&x=', { host: 'h', port: 6379, db: 3 }],
    [new URL('rediss://h:1/2'), { host: 'h', port: 1, db: 2, tls: {} }],
  ])('%s is taken apart', (url, expected) => {
    expect(address(url)).toEqual(expected);
  });

  it.each([
    'redis://flags:1#hunter2@h',
    'redis://flags:1?hunter2@h',
    'redis://flags:1?a=hunter2@h',
    'redis://flags:1/0?hunter2@h',
    'redis://u:1@ss?hunter2@h',
    'redis://flags:1/hunter2?a=b@h',
  ])('%s is the end of a password, refused and not shown', (url) => {
    expect(() => address(url)).toThrow(/has a # or \? before its @ .* has %23 and %3F, and a parameter %40/);
    expect(() => address(url)).not.toThrow(/hunter2/);
  });

  it('takes TLS options with rediss:// only', () => {
    const tls = { ca: 'pem' };
    expect(resolveRedis({ url: 'rediss://h', tls }).access).toMatchObject({ address: { tls } });
    expect(() => resolveRedis({ url: 'redis://h', tls })).toThrow(/redis:\/\/, yet tls/);
  });
});

describe('names', () => {
  it('follow the namespace', () => {
    expect(resolveRedis({ url: 'redis://u:secret@h' }).name).toBe('redis:feature_flags');
    expect(resolveRedis({ url: 'redis://h', namespace: 'shop' })).toMatchObject({
      name: 'redis:shop',
      layout: { key: 'shop:document', channel: 'shop:config-changed' },
    });
    expect(resolveRedis({ url: 'redis://h', name: 'mine' }).name).toBe('mine');
  });

  it.each([5, '', ' ', 'x'.repeat(101)])('%j is refused with what is allowed', (name) => {
    const attempt = (): unknown => resolveRedis({ url: 'redis://h', name } as Parameters<typeof resolveRedis>[0]);
    expect(attempt).toThrow(TypeError);
    expect(attempt).toThrow(/^name is .*; allowed is a text of 1 to 100 characters$/);
  });
});

describe('a client', () => {
  it('is told by its shape, with its database', () => {
    const redis = new Redis({ lazyConnect: true, db: 4 });
    const cluster = new Cluster([{ host: 'h', port: 1 }], { lazyConnect: true });
    clients.push(redis, cluster);
    expect(resolveRedis({ client: redis })).toMatchObject({ access: { kind: 'redis' }, database: 4 });
    expect(resolveRedis({ client: cluster })).toMatchObject({ access: { kind: 'cluster' }, database: 0 });
  });

  it('has TLS options of its own', () => {
    const client = new Redis({ lazyConnect: true });
    clients.push(client);
    const options = { client, tls: {} } as unknown as Parameters<typeof resolveRedis>[0];
    expect(() => resolveRedis(options)).toThrow('tls is given beside client');
  });
});

describe.each(Object.entries({ redisSource, redisFeed, redisPublisher, redisStore }))('%s', (_name, make) => {
  it.each([undefined, null, 'redis://u:hunter2@h'])('called with %j says what to give', (options) => {
    const attempt = (): unknown => make(options as never);
    expect(attempt).toThrow(TypeError);
    expect(attempt).toThrow(
      /^options of a Redis store are .*; allowed is { url: 'redis:\/\/host:6379' }, or { client }$/,
    );
    expect(attempt).not.toThrow(/hunter2/);
  });

  it('called without address and client asks for one of them', () => {
    expect(() => make({} as never)).toThrow(/url is missing, and so is client; allowed is one of them/);
  });
});

describe('the longest time to open a connection', () => {
  it('is no longer for a feed than clients wait for an acknowledgement', () => {
    const url = 'redis://h';
    expect(() => redisFeed({ url, connectTimeoutMs: 10_001 })).toThrow(
      'connectTimeoutMs is 10001; allowed is a whole number from 100 to 10000',
    );
    expect(redisFeed({ url, connectTimeoutMs: 10_000 }).name).toBe('redis:feature_flags');
    expect(redisSource({ url, connectTimeoutMs: 60_000 }).name).toBe('redis:feature_flags');
    expect(() => redisSource({ url, connectTimeoutMs: 60_001 })).toThrow('allowed is a whole number from 100 to 60000');
  });
});
