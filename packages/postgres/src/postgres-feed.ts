import {
  checkedNumber,
  KeptSubscription,
  type KeptSubscriptionSettings,
  settledWithin,
  subscriptions,
} from '@clarity/flags-core/adapter-kit';
import type { FlagFeed } from '@clarity/flags-core/ports';
import { heardConnection } from './heard-connection.ts';
import { parseNotice } from './notice.ts';
import { lateError } from './postgres-error.ts';
import type { PostgresOptions } from './postgres-options.ts';
import { resolvePostgres } from './resolve-postgres.ts';

export type PostgresFeedOptions = PostgresOptions & {
  /**
   * How often the listening connection is asked for a sign of life (an empty statement), in milliseconds, 100 to
   * 600,000. A half-open connection is found within two of them, or later where the server's replies are about as slow.
   * Default 10,000.
   */
  readonly heartbeatMs?: number;
};

const DEFAULT_HEARTBEAT_MS = 10_000;
/** Clients give up a first subscription that is not acknowledged by then. */
const MOST_CONNECT_TIMEOUT_MS = 10_000;
/** How long `close` waits for sockets to be gone, in milliseconds. */
const CLOSE_GRACE_MS = 500;

/**
 * Announces changes by `LISTEN`, each subscription on a connection of its own. It is up only once it has heard a word
 * of its own, so a pooler that swallows notifications is found out and said; and down as soon as the connection is
 * lost, silent for a heartbeat, or refused; then it is made again with backoff. A standby has no notifications: give
 * the feed the address of the primary.
 *
 * What is announced while nobody listens is lost: read after each acknowledgement, and check now and then, as the
 * client does.
 *
 * @throws StoreError `invalid` for an address that is not one of Postgres
 * @throws TypeError or RangeError for any other bad option
 */
export function postgresFeed(options: PostgresFeedOptions): FlagFeed {
  const resolved = resolvePostgres(options);
  const { name, layout } = resolved;
  const connectTimeoutMs = checkedNumber('connectTimeoutMs', resolved.connectTimeoutMs, 100, MOST_CONNECT_TIMEOUT_MS);
  const attempt = `subscribe to ${layout.channel}`;
  const settings: KeptSubscriptionSettings = {
    open: (hear, signal) => heardConnection(resolved, attempt, hear, signal),
    parse: (message) => parseNotice(message, layout),
    attempt,
    late: () => lateError(attempt, 'acknowledgement', connectTimeoutMs),
    connectTimeoutMs,
    heartbeatMs: checkedNumber('heartbeatMs', options.heartbeatMs ?? DEFAULT_HEARTBEAT_MS, 100, 600_000),
  };
  const connections = subscriptions({
    feed: `the Postgres feed ${name}`,
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
