import { checkedName, checkedNumber, describeOption, requireOptions } from '@clarity/flags-core/adapter-kit';
import { StoreError } from '@clarity/flags-core/ports';
import type { ClientConfig } from 'pg';
import type { ConnectionOptions } from 'node:tls';
import { type PostgresLayout, postgresLayout } from './layout.ts';
import type { PostgresOptions, PostgresPool } from './postgres-options.ts';

/** The options, checked. */
export interface ResolvedPostgres {
  readonly name: string;
  readonly layout: PostgresLayout;
  readonly connectTimeoutMs: number;
  readonly access: PostgresAccess;
}

export type PostgresAccess =
  | { readonly kind: 'address'; readonly client: ClientConfig }
  | { readonly kind: 'pool'; readonly pool: PostgresPool };

/** The most that `maxBytes` may be. */
export const MOST_BYTES = 256 * 1024 * 1024;
const DEFAULT_CONNECT_TIMEOUT_MS = 5_000;
const TLS_MODES: ReadonlySet<string> = new Set(['require', 'verify-ca', 'verify-full']);

/**
 * @throws StoreError `invalid` for an address that is not one of Postgres
 * @throws TypeError or RangeError for any other bad option
 */
export function resolvePostgres(options: PostgresOptions): ResolvedPostgres {
  requireOptions(options, 'a Postgres store', "{ url: 'postgres://host/database' }, or { pool }");
  const layout = postgresLayout(options);
  return {
    name: checkedName(options.name) ?? `postgres:${layout.namespace}`,
    layout,
    connectTimeoutMs: checkedNumber(
      'connectTimeoutMs',
      options.connectTimeoutMs ?? DEFAULT_CONNECT_TIMEOUT_MS,
      100,
      60_000,
    ),
    access: resolveAccess(options),
  };
}

/** What a connection of our own is made with. */
export function clientConfig(access: PostgresAccess): ClientConfig {
  if (access.kind === 'address') return access.client;
  const options = access.pool.options as ClientConfig;
  // Pools hide the password from those who list their options.
  return options.password === undefined ? { ...options } : { ...options, password: options.password };
}

function resolveAccess(options: PostgresOptions): PostgresAccess {
  const { url, pool, tls } = options;
  if ((url === undefined) === (pool === undefined)) {
    throw new TypeError(
      `${url === undefined ? 'url is missing, and so is pool' : 'url and pool are both given'}; allowed is one of them`,
    );
  }
  if (pool === undefined) return { kind: 'address', client: parseAddress(url, tls) };
  if (tls !== undefined) throw new TypeError('tls is given beside pool; allowed is a pool with ssl of its own');
  if (!isPool(pool)) throw new TypeError(`pool is ${describeOption(pool)}; allowed is a Pool of pg`);
  return { kind: 'pool', pool };
}

/** By shape and not by class: an application may hold another copy of pg. */
function isPool(pool: unknown): pool is PostgresPool {
  if (typeof pool !== 'object' || pool === null) return false;
  const { connect, options } = pool as Partial<Record<keyof PostgresPool, unknown>>;
  return typeof connect === 'function' && typeof options === 'object' && options !== null;
}

/** Says what is wrong without showing the address: it may hold a password. */
function parseAddress(option: string | URL, tls: ConnectionOptions | undefined): ClientConfig {
  const refuse = (found: string): StoreError =>
    new StoreError(
      'invalid',
      `the address of Postgres ${found}; allowed is postgres://user:password@host:5432/database, with ?sslmode=require for TLS`,
    );
  if (typeof option !== 'string' && !(option instanceof URL)) throw refuse(`is ${describeOption(option)}`);
  if (!URL.canParse(String(option))) throw refuse('is not a URL');
  const url = new URL(option);
  if (url.protocol !== 'postgres:' && url.protocol !== 'postgresql:') {
    // Without slashes, what stands before the colon may be a user or a secret.
    const scheme = url.href.startsWith('//', url.protocol.length);
    throw refuse(
      scheme ? `has the protocol ${JSON.stringify(url.protocol.slice(0, 20))}` : 'has no postgres:// before it',
    );
  }
  // The end of a password then, whose beginning would be looked up as a host.
  if (url.hash !== '' || (url.search.includes('@') && !DATABASE_AND_PARAMETERS.test(url.pathname + url.search)))
    throw refuse('has a # or ? before its @ or at its end, where a password has %23 and %3F, and a parameter %40');
  if (url.hostname === '') throw refuse('names no host');
  const database = decode(url.pathname.replace(/^\//, ''));
  if (database.includes('/')) throw refuse('ends in a path that is no name of a database');
  if (tls !== undefined && (typeof tls !== 'object' || tls === null))
    throw new TypeError(`tls is ${describeOption(tls)}; allowed is an object such as { ca }`);
  const mode = url.searchParams.get('sslmode') ?? (tls === undefined ? 'disable' : 'require');
  if (mode !== 'disable' && !TLS_MODES.has(mode)) {
    throw refuse(
      'has an sslmode that leaves open whether the server is the right one (allowed is disable, require, verify-ca or verify-full, all of the last three checked; an authority of your own is tls.ca)',
    );
  }
  if (mode === 'disable' && tls !== undefined) throw refuse('says sslmode=disable, yet tls is given');
  // An empty one is refused by the server, or by the client before it is sent; none at all would be looked for in
  // files.
  const password = decode(url.password) || (process.env['PGPASSWORD'] ?? '');
  return {
    // Brackets belong to the URL and not to the IPv6 address.
    host: decode(url.hostname).replace(/^\[|\]$/g, ''),
    port: url.port === '' ? 5432 : Number(url.port),
    ...(url.username !== '' && { user: decode(url.username) }),
    ...(database !== '' && { database }),
    // A function is not shown by those who print an object.
    password: () => password,
    ssl: mode === 'disable' ? false : (tls ?? {}),
  };
}

/** After these an @ is one of a parameter's value, and can hardly be that of a password. */
const DATABASE_AND_PARAMETERS = /^\/[\w.%-]+\?[\w.-]+=[^&?]*(?:&[\w.-]+=[^&?]*)*$/;

/** A stray percent sign in a password stands for itself. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
