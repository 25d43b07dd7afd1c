import { checkedName, checkedNumber, describeOption, requireOptions } from '@clarity/flags-core/adapter-kit';
import { StoreError } from '@clarity/flags-core/ports';
import { type RedisLayout, redisLayout } from '@clarity/flags-redis-protocol';
import type { Cluster, Redis } from 'ioredis';
import type { ConnectionOptions } from 'node:tls';
import type { RedisOptions } from './redis-options.ts';

/** The options, checked. */
export interface ResolvedRedis {
  readonly name: string;
  readonly layout: RedisLayout;
  readonly connectTimeoutMs: number;
  readonly access: RedisAccess;
  /** Number of the database, as far as the options say. */
  readonly database: number;
}

export type RedisAccess =
  | { readonly kind: 'address'; readonly address: ParsedAddress }
  | { readonly kind: 'redis'; readonly client: Redis }
  | { readonly kind: 'cluster'; readonly client: Cluster };

export interface ParsedAddress {
  readonly host: string;
  readonly port: number;
  readonly username?: string;
  readonly password?: string;
  readonly db: number;
  readonly tls?: ConnectionOptions;
}

/** The most that `maxBytes` may be. */
export const MOST_BYTES = 256 * 1024 * 1024;
const DEFAULT_CONNECT_TIMEOUT_MS = 5_000;

/**
 * @throws StoreError `invalid` for an address that is not one of Redis
 * @throws TypeError or RangeError for any other bad option
 */
export function resolveRedis(options: RedisOptions): ResolvedRedis {
  requireOptions(options, 'a Redis store', "{ url: 'redis://host:6379' }, or { client }");
  const layout = redisLayout(options);
  const access = resolveAccess(options);
  return {
    name: checkedName(options.name) ?? `redis:${layout.namespace}`,
    layout,
    connectTimeoutMs: checkedNumber(
      'connectTimeoutMs',
      options.connectTimeoutMs ?? DEFAULT_CONNECT_TIMEOUT_MS,
      100,
      60_000,
    ),
    access,
    database: databaseOf(access),
  };
}

function resolveAccess(options: RedisOptions): RedisAccess {
  const { url, client, tls } = options;
  if ((url === undefined) === (client === undefined)) {
    throw new TypeError(
      `${url === undefined ? 'url is missing, and so is client' : 'url and client are both given'}; allowed is one of them`,
    );
  }
  if (client === undefined) return { kind: 'address', address: parseAddress(url, tls) };
  if (tls !== undefined)
    throw new TypeError('tls is given beside client; allowed is a client with TLS options of its own');
  if (!isClient(client))
    throw new TypeError(`client is ${describeOption(client)}; allowed is an ioredis Redis or Cluster`);
  const prefix = client.options.keyPrefix;
  if (prefix !== undefined && prefix.length > 0) {
    throw new TypeError(
      'client is one with a keyPrefix, which would move the key and not the channel; allowed is client.duplicate without it, and namespace instead',
    );
  }
  return client.isCluster ? { kind: 'cluster', client: client as Cluster } : { kind: 'redis', client: client as Redis };
}

/** By shape and not by class: an application may hold another copy of ioredis. */
function isClient(client: unknown): client is Redis | Cluster {
  if (typeof client !== 'object' || client === null) return false;
  const { hmget, eval: evaluate, duplicate, options } = client as Partial<Record<keyof Redis, unknown>>;
  const callable = [hmget, evaluate, duplicate].every((method) => typeof method === 'function');
  return callable && typeof options === 'object' && options !== null;
}

function databaseOf(access: RedisAccess): number {
  switch (access.kind) {
    case 'address':
      return access.address.db;
    case 'redis':
      return access.client.options.db ?? 0;
    case 'cluster':
      return 0;
  }
}

/** Says what is wrong without showing the address: it may hold a password. */
function parseAddress(option: string | URL, tls: ConnectionOptions | undefined): ParsedAddress {
  const refuse = (found: string): StoreError =>
    new StoreError(
      'invalid',
      `the address of Redis ${found}; allowed is redis://user:password@host:port/database, or rediss:// for TLS`,
    );
  if (typeof option !== 'string' && !(option instanceof URL)) throw refuse(`is ${describeOption(option)}`);
  if (!URL.canParse(String(option))) throw refuse('is not a URL');
  const url = new URL(option);
  if (url.protocol !== 'redis:' && url.protocol !== 'rediss:') {
    // Without slashes, what stands before the colon may be a user or a secret.
    const scheme = url.href.startsWith('//', url.protocol.length);
    throw refuse(
      scheme ? `has the protocol ${JSON.stringify(url.protocol.slice(0, 20))}` : 'has no redis:// before it',
    );
  }
  // The end of a password then, whose beginning would be looked up as a host.
  if (url.hash !== '' || (url.search.includes('@') && !DATABASE_AND_PARAMETERS.test(url.pathname + url.search)))
    throw refuse('has a # or ? before its @ or at its end, where a password has %23 and %3F, and a parameter %40');
  if (url.hostname === '') throw refuse('names no host');
  const database = url.pathname.replace(/^\//, '');
  if (!/^\d{0,5}$/.test(database)) throw refuse('ends in a path that is not a database number');
  const secure = url.protocol === 'rediss:';
  if (tls !== undefined && (typeof tls !== 'object' || tls === null))
    throw new TypeError(`tls is ${describeOption(tls)}; allowed is an object such as { ca }`);
  if (!secure && tls !== undefined) throw refuse('begins with redis://, yet tls is given');
  return {
    // Brackets belong to the URL and not to the IPv6 address.
    host: decode(url.hostname).replace(/^\[|\]$/g, ''),
    port: url.port === '' ? 6379 : Number(url.port),
    ...(url.username !== '' && { username: decode(url.username) }),
    ...(url.password !== '' && { password: decode(url.password) }),
    db: Number(database),
    ...(secure && { tls: tls ?? {} }),
  };
}

/** After these an @ is one of a parameter's value, and can hardly be that of a password. */
const DATABASE_AND_PARAMETERS = /^\/\d{1,5}\?[\w.-]+=[^&?]*(?:&[\w.-]+=[^&?]*)*$/;

/** A stray percent sign in a password stands for itself. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
