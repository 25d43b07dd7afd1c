import type { FlagClient, Freshness, Health } from '@clarity/flags-core';
import { formatRevision } from '@clarity/flags-core/ports';

/**
 * What the handler asks of a client. The client of edge runtimes has no background, and so neither events nor a health of its
 * own: what can be said then follows from its freshness.
 */
export interface ShownClient {
  readonly all: FlagClient['all'];
  readonly freshness: FlagClient['freshness'];
  readonly refresh: FlagClient['refresh'];
  readonly health?: FlagClient['health'];
  readonly on?: FlagClient['on'];
}

/** A client with all that the routes ask for. */
export type CompleteClient = Required<ShownClient>;

export function completed(client: ShownClient): CompleteClient {
  if (client.health !== undefined && client.on !== undefined) return client as CompleteClient;
  return {
    all: (...args) => client.all(...args),
    freshness: () => client.freshness(),
    refresh: (options) => client.refresh(options),
    health: () => client.health?.() ?? healthFrom(client.freshness()),
    on: (event, listener) => client.on?.(event, listener) ?? (() => {}),
  };
}

/** Health of a client that verifies its flags within requests: nothing is late that nobody asked for, so there is no bound. */
function healthFrom(freshness: Freshness): Health {
  const { ageMs, breaker, feed, lastError, origin, refreshFailures, rejected, revision, state, verifiedAtMs } =
    freshness;
  const stale = state === 'stale' || state === 'never';
  return {
    healthy: !stale,
    config_age_seconds: ageMs === null ? null : Math.round(ageMs) / 1000,
    config_stale: stale,
    circuit_breaker_state: breaker.state,
    last_refresh: verifiedAtMs === null ? null : new Date(verifiedAtMs).toISOString(),
    refresh_failures: refreshFailures,
    refresh_mode: 'none',
    cache_size: 0,
    freshness: state,
    origin: origin ?? null,
    revision: revision === undefined ? null : formatRevision(revision),
    bound: {
      healthy_seconds: null,
      after_outage_seconds: null,
      arithmetic: 'flags are verified within requests: no bound',
    },
    feed,
    last_error:
      lastError === null
        ? null
        : {
            reason: lastError.reason,
            message: lastError.message,
            source: lastError.source,
            at: new Date(lastError.atMs).toISOString(),
          },
    set_aside_flags: [],
    rejected_document:
      rejected === null
        ? null
        : {
            revision: rejected.revision === undefined ? null : formatRevision(rejected.revision),
            source: rejected.source,
            message: rejected.message,
            at: new Date(rejected.atMs).toISOString(),
          },
    overrides: [],
    isolated_errors: 0,
  };
}
