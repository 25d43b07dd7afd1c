import type { Cluster, Redis } from 'ioredis';
import type { ConnectionOptions } from 'node:tls';

/** By address: the adapter opens connections and closes them. */
export interface RedisAddress {
  /**
   * `redis://user:password@host:port/database`, or `rediss://` for TLS. Port 6379 and database 0 where none is given.
   * Parameters are ignored.
   */
  readonly url: string | URL;
  /** For `rediss://`: certificate authority, client certificate, server name, as for `tls.connect`. */
  readonly tls?: ConnectionOptions;
  readonly client?: never;
}

/**
 * By client: Sentinel, Cluster, a Unix socket, or a connection that you have anyway. Only the feed opens one more, with
 * the same options, and closes that.
 */
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
