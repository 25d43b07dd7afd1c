import {
  checkedName,
  checkedNumber,
  type RedisLayout,
  redisLayout,
  requireOptions,
  StoreError,
} from '@clarity/flags-core/ports';
import type { Cluster, Redis } from 'ioredis';
import type { ConnectionOptions } from 'node:tls';

/** By address: the adapter opens connections and closes them. */
export interface RedisAddress {
  /** `redis://user:password@host:port/database`, or `rediss://` for TLS. Port 6379 and database 0 where none is given. Parameters are ignored. */
  readonly url: string | URL;
  /** For `rediss://`: certificate authority, client certificate, server name, as for `tls.connect`. */
  readonly tls?: ConnectionOptions;
  readonly client?: never;
}

/** By client: Sentinel, Cluster, a Unix socket, or a connection that you have anyway. Only the feed opens one more, with the same options, and closes that. */
export interface RedisClientGiven {
  /** An ioredis `Redis` or `Cluster`, without `keyPrefix`. It stays yours: close it after the flags. */
  readonly client: Redis | Cluster;
  readonly url?: never;
  readonly tls?: never;
}

export interface RedisPlace {
  /** Prefix of key and channel. Letters, digits and `_ . : / -`, 1 to 128 of them. Default `feature_flags`. */
  readonly namespace?: string;
  /** Where changes are announced. Default `<namespace>:config-changed`. */
  readonly channel?: string;
  /** Short name for health, log and metrics, 1 to 100 characters. Default `redis:<namespace>`. */
  readonly name?: string;
  /**
   * Longest time to open a connection, in milliseconds, 100 to 60,000: name, TCP, TLS, password. For the feed also the
   * acknowledged subscription, and at most 10,000: clients give up a subscription that takes longer. Default 5,000.
   */
  readonly connectTimeoutMs?: number;
}

export type RedisOptions = (RedisAddress | RedisClientGiven) & RedisPlace;

export interface DocumentOptions {
  /** Largest document in bytes, 1 to 268,435,456 (256 MB). Default 4,194,304 (4 MB). */
  readonly maxBytes?: number;
}

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

const DEFAULT_MAX_BYTES = 4 * 1024 * 1024;
const MOST_BYTES = 256 * 1024 * 1024;
const DEFAULT_CONNECT_TIMEOUT_MS = 5_000;

/**
 * @throws StoreError `invalid` for an address that is none
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
      `${url === undefined ? 'neither url nor client is' : 'both url and client are'} given; give one of them`,
    );
  }
  if (client === undefined) return { kind: 'address', address: parseAddress(url, tls) };
  if (tls !== undefined) throw new TypeError('tls is given beside client; give the client its own TLS options');
  if (!isClient(client)) throw new TypeError(`client is ${describe(client)}; an ioredis Redis or Cluster is allowed`);
  const prefix = client.options.keyPrefix;
  if (prefix !== undefined && prefix.length > 0) {
    throw new TypeError(
      'client has a keyPrefix, which would move the key and not the channel; hand in client.duplicate without it, and use namespace',
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
      `the address of Redis ${found}; redis://user:password@host:port/database is allowed, or rediss:// for TLS`,
    );
  if (typeof option !== 'string' && !(option instanceof URL)) throw refuse(`is ${describe(option)}`);
  if (!URL.canParse(String(option))) throw refuse('is no URL');
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
    throw refuse('has a # or ? before its @ or at its end; in a password write %23 and %3F, in a parameter %40');
  if (url.hostname === '') throw refuse('names no host');
  const database = url.pathname.replace(/^\//, '');
  if (!/^\d{0,5}$/.test(database)) throw refuse('ends in a path that is no database number');
  const secure = url.protocol === 'rediss:';
  if (tls !== undefined && (typeof tls !== 'object' || tls === null))
    throw new TypeError(`tls is ${describe(tls)}; an object such as { ca } is allowed`);
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

export function resolveMaxBytes(option: number | undefined): number {
  return checkedNumber('maxBytes', option ?? DEFAULT_MAX_BYTES, 1, MOST_BYTES);
}

function describe(value: unknown): string {
  return typeof value === 'number' ? String(value) : value === null ? 'null' : `of type ${typeof value}`;
}
