import { Pool } from 'pg';
import { describe, expect, it } from 'vitest';
import { postgresFeed, postgresPublisher, postgresSource, postgresStore } from '../src/index.ts';
import { clientConfig, resolvePostgres } from '../src/resolve-postgres.ts';

function address(url: string | URL): unknown {
  const { password, ...rest } = clientConfig(resolvePostgres({ url }).access);
  return { ...rest, ...(typeof password === 'function' && password() !== '' && { password: password() }) };
}

describe('an address', () => {
  it.each([
    ['postgres://localhost', { host: 'localhost', port: 5432, ssl: false }],
    ['postgresql://10.0.0.1:5433/shop', { host: '10.0.0.1', port: 5433, database: 'shop', ssl: false }],
    [
      'postgres://a%2Fb:p%40ss%2F@h/d',
      { host: 'h', port: 5432, user: 'a/b', password: 'p@ss/', database: 'd', ssl: false },
    ],
    ['postgres://u:50%@h', { host: 'h', port: 5432, user: 'u', password: '50%', ssl: false }],
    ['postgres://[::1]:7000/', { host: '::1', port: 7000, ssl: false }],
    ['postgres://h/my%20shop?sslmode=require&pgbouncer=true', { host: 'h', port: 5432, database: 'my shop', ssl: {} }],
    [new URL('postgres://h:1/2?sslmode=verify-full'), { host: 'h', port: 1, database: '2', ssl: {} }],
    ['postgres://h/d?sslmode=disable&application_name=a@b', { host: 'h', port: 5432, database: 'd', ssl: false }],
  ])('%s is taken apart', (url, expected) => {
    expect(address(url)).toEqual(expected);
  });

  it.each([
    ['postgres://flags:1#hunter2@h', /has a # or \? before its @ .* has %23 and %3F, and a parameter %40/],
    ['postgres://flags:1?hunter2@h', /has a # or \? before its @/],
    ['postgres://flags:1?a=hunter2@h', /has a # or \? before its @/],
    ['postgres:///hunter2', /names no host/],
    ['postgres://h/a/hunter2', /no name of a database/],
    ['mysql://u:hunter2@h', /has the protocol "mysql:"/],
    ['u:hunter2@h', /has no postgres:\/\/ before it/],
    ['hunter2', /is not a URL/],
    ['postgres://u:hunter2@h/d?sslmode=prefer', /leaves open whether the server is the right one/],
    ['postgres://u:hunter2@h/d?sslmode=no-verify', /leaves open whether the server is the right one/],
  ])('%s is refused and not shown', (url, message) => {
    expect(() => address(url)).toThrow(message);
    expect(() => address(url)).not.toThrow(/hunter2/);
  });

  it('has TLS with options of its own, unless it says that it has none', () => {
    const tls = { ca: 'pem' };
    expect(clientConfig(resolvePostgres({ url: 'postgres://h', tls }).access)).toMatchObject({ ssl: tls });
    expect(() => resolvePostgres({ url: 'postgres://h/d?sslmode=disable', tls })).toThrow(/sslmode=disable, yet tls/);
  });

  it('hides its password from those who print what it was made of', () => {
    expect(JSON.stringify(resolvePostgres({ url: 'postgres://u:hunter2@h' }))).not.toContain('hunter2');
  });
});

describe('a pool', () => {
  it('gives the feed its options, the password that it hides included', async () => {
    const pool = new Pool({ host: 'h', user: 'u', password: 'hunter2', ssl: { ca: 'pem' } });
    const { access } = resolvePostgres({ pool });
    expect(access).toMatchObject({ kind: 'pool' });
    expect(clientConfig(access)).toMatchObject({ host: 'h', user: 'u', password: 'hunter2', ssl: { ca: 'pem' } });
    await pool.end();
  });

  it('is told by its shape, and has TLS of its own', () => {
    expect(() => resolvePostgres({ pool: {} as never })).toThrow('pool is of type object; allowed is a Pool of pg');
    const options = { pool: new Pool(), tls: {} } as never;
    expect(() => resolvePostgres(options)).toThrow('tls is given beside pool');
  });
});

describe('names', () => {
  it('follow the namespace', () => {
    expect(resolvePostgres({ url: 'postgres://h', namespace: 'shop' })).toMatchObject({
      name: 'postgres:shop',
      layout: { schema: 'feature_flags', channel: 'shop:config-changed', place: 'shop in feature_flags.documents' },
    });
  });

  it.each([
    ['schema', '', /^schema is ""; allowed is 1 to 63/],
    ['schema', 'pg_flags', /^schema is "pg_flags"/],
    ['schema', 'a"b', /^schema is /],
    ['schema', 'x'.repeat(64), /^schema is /],
    ['namespace', 'a b', /^namespace is "a b"; allowed is 1 to 48/],
    ['namespace', 'x'.repeat(49), /^namespace is /],
    ['channel', 'é'.repeat(32), /^channel is .*1 to 63 bytes/],
    ['channel', '', /^channel is ""/],
    ['name', ' ', /^name is /],
  ])('%s %j is refused with what is allowed', (option, value, message) => {
    const attempt = (): unknown => resolvePostgres({ url: 'postgres://h', [option]: value });
    expect(attempt).toThrow(TypeError);
    expect(attempt).toThrow(message);
  });

  it('of the longest namespace make a channel that Postgres takes', () => {
    const { channel } = resolvePostgres({ url: 'postgres://h', namespace: 'x'.repeat(48) }).layout;
    expect(new TextEncoder().encode(channel)).toHaveLength(63);
  });
});

describe.each(Object.entries({ postgresSource, postgresFeed, postgresPublisher, postgresStore }))(
  '%s',
  (_name, make) => {
    it.each([undefined, null, 'postgres://u:hunter2@h'])('called with %j says what to give', (options) => {
      const attempt = (): unknown => make(options as never);
      expect(attempt).toThrow(TypeError);
      expect(attempt).toThrow(
        /^options of a Postgres store are .*; allowed is { url: 'postgres:\/\/host\/database' }, or { pool }$/,
      );
      expect(attempt).not.toThrow(/hunter2/);
    });

    it('called without address and pool asks for one of them', () => {
      expect(() => make({} as never)).toThrow(/url is missing, and so is pool; allowed is one of them/);
    });
  },
);
