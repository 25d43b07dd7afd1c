import type { ConnectionOptions } from 'node:tls';

/** By address: the adapter opens connections and closes them. */
export interface PostgresAddress {
  /**
   * `postgres://user:password@host:5432/database`, `postgresql:` too. `?sslmode=require` for TLS, whose certificate is
   * always checked; other parameters are ignored. User, password and database that are left out are those of the
   * variables `PGUSER`, `PGPASSWORD` and `PGDATABASE`.
   */
  readonly url: string | URL;
  /** TLS with these: certificate authority, client certificate, server name, as for `tls.connect`. */
  readonly tls?: ConnectionOptions;
  readonly pool?: never;
}

/** By pool: a `pg.Pool` that you have anyway. The feed opens a connection of its own with the same options. */
export interface PostgresPoolGiven {
  /** It stays yours: close it after the flags. */
  readonly pool: PostgresPool;
  readonly url?: never;
  readonly tls?: never;
}

/** As much of a `pg.Pool` as is used. */
export interface PostgresPool {
  connect(): Promise<PostgresPoolClient>;
  /** What its connections are made with. */
  readonly options: object;
}

export interface PostgresPoolClient {
  query(query: PostgresQuery): Promise<unknown>;
  /** With `true` the connection is not used again. */
  release(discard?: boolean): void;
}

export interface PostgresQuery {
  readonly text: string;
  readonly values?: (string | null)[];
}

export interface PostgresPlace {
  /** The schema of the tables: letters, digits, `_ . -` and blanks, 1 to 63 of them. Default `feature_flags`. */
  readonly schema?: string;
  /** Which document of the schema: letters, digits and `_ . : / -`, 1 to 48 of them. Default `feature_flags`. */
  readonly namespace?: string;
  /** Where changes are announced (`LISTEN`), 1 to 63 bytes. Default `<namespace>:config-changed`. */
  readonly channel?: string;
  /** Short name for health, log and metrics, 1 to 100 characters. Default `postgres:<namespace>`. */
  readonly name?: string;
  /**
   * Longest time to open a connection, in milliseconds, 100 to 60,000: name, TCP, TLS, password. For the feed also the
   * acknowledged subscription, and at most 10,000: clients give up a subscription that takes longer. Default 5,000.
   */
  readonly connectTimeoutMs?: number;
}

export type PostgresOptions = (PostgresAddress | PostgresPoolGiven) & PostgresPlace;

export interface DocumentOptions {
  /** Largest document in bytes, 1 to 268,435,456 (256 MB). Default 4,194,304 (4 MB). */
  readonly maxBytes?: number;
}
