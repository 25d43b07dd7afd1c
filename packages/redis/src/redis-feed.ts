import {
  checkedNumber,
  KeptSubscription,
  type KeptSubscriptionSettings,
  settledWithin,
  subscriptions,
} from '@clarity/flags-core/adapter-kit';
import type { FlagFeed } from '@clarity/flags-core/ports';
import { parseRedisNotice } from '@clarity/flags-redis-protocol';
import type { Cluster } from 'ioredis';
import { lateError } from './redis-error.ts';
import type { RedisOptions } from './redis-options.ts';
import { resolveRedis } from './resolve-redis.ts';
import { subscribedConnection } from './subscribed-connection.ts';

export type RedisFeedOptions = RedisOptions & {
  /**
   * How often the subscribed connection is asked for a sign of life (one `PING`), in milliseconds, 100 to 600,000. A
   * half-open connection is found within two of them, or later where the server's replies are about as slow. Default
   * 10,000.
   */
  readonly heartbeatMs?: number;
};

const DEFAULT_HEARTBEAT_MS = 10_000;
/** Clients give up a first subscription that is not acknowledged by then. */
const MOST_CONNECT_TIMEOUT_MS = 10_000;
/** How long `close` waits for sockets to be gone, in milliseconds. */
const CLOSE_GRACE_MS = 500;

/**
 * Announces changes by pub/sub, each subscription on a connection of its own. It is up only when the server has
 * acknowledged the subscription, and down as soon as the connection is lost, silent for a heartbeat, or refused; then
 * it is made again with backoff. Notices name a revision when a publisher of ours sent them; anything else on the
 * channel means "look again".
 *
 * Pub/sub loses what is announced while nobody listens: read after each acknowledgement, and check now and then, as the
 * client does.
 *
 * @throws StoreError `invalid` for an address that is not one of Redis
 * @throws TypeError or RangeError for any other bad option, and for a Cluster of ioredis 5
 */
export function redisFeed(options: RedisFeedOptions): FlagFeed {
  const resolved = resolveRedis(options);
  const { name, layout, database, access } = resolved;
  if (access.kind === 'cluster') requireSteadySubscriptions(access.client);
  const connectTimeoutMs = checkedNumber('connectTimeoutMs', resolved.connectTimeoutMs, 100, MOST_CONNECT_TIMEOUT_MS);
  const attempt = `subscribe to ${layout.channel}`;
  const address = access.kind === 'address' ? access.address : undefined;
  const settings: KeptSubscriptionSettings = {
    open: subscribedConnection(resolved, attempt),
    parse: (payload) => parseRedisNotice(payload, { namespace: layout.namespace, database }),
    attempt,
    late: () => lateError(attempt, 'acknowledgement', connectTimeoutMs, address),
    connectTimeoutMs,
    heartbeatMs: checkedNumber('heartbeatMs', options.heartbeatMs ?? DEFAULT_HEARTBEAT_MS, 100, 600_000),
  };

  const connections = subscriptions({
    feed: `the Redis feed ${name}`,
    attempt,
    make: (listener) => new KeptSubscription(settings, listener),
  });
  return {
    name,
    subscribe: connections.subscribe,
    close: () =>
      settledWithin(
        CLOSE_GRACE_MS,
        connections.close().map((subscription) => subscription.ended()),
      ),
  };
}

/** Measured with 5.9: all else that this package does is done by ioredis 5 too. An option tells them apart. */
function requireSteadySubscriptions(client: Cluster): void {
  if ('clusterNodeRetryStrategy' in client.options) return;
  throw new TypeError(
    'client is a Cluster of ioredis 5, by which a feed hears nothing more once a slot moved or a node was lost; allowed is a Cluster of ioredis 6 (npm install ioredis@6), or redisSource by this one without a feed',
  );
}
