import type { FlagClient, Freshness, Health } from '@clarity/flags-core';
import type { EdgeFacts } from '@clarity/flags-core/edge';
import { describeOption, requireOptions } from '@clarity/flags-core/adapter-kit';
import { formatRevision } from '@clarity/flags-core/ports';

/**
 * What the handler asks of a client. The client of edge runtimes has no background, and so neither events nor a health
 * of its own: what can be said then follows from its freshness and its facts.
 */
export interface ShownClient {
  readonly all: FlagClient['all'];
  readonly freshness: FlagClient['freshness'];
  readonly refresh: FlagClient['refresh'];
  readonly health?: FlagClient['health'];
  readonly on?: FlagClient['on'];
  readonly facts?: () => EdgeFacts;
  readonly document?: FlagClient['document'];
  readonly override?: FlagClient['override'];
  readonly removeOverride?: FlagClient['removeOverride'];
  readonly overrides?: FlagClient['overrides'];
}

/** What a client has that can be overridden while it runs. */
export type Overriding = Pick<ShownClient, 'override' | 'removeOverride' | 'overrides'>;

/** A client with all that the routes ask for; overrides are only where it has them. */
export type CompleteClient = Required<Omit<ShownClient, 'facts' | keyof Overriding>> & Overriding;

export function completed(client: ShownClient): CompleteClient {
  if (client.health !== undefined && client.on !== undefined && client.document !== undefined)
    return client as CompleteClient;
  return {
    all: (...args) => client.all(...args),
    freshness: () => client.freshness(),
    refresh: (options) => client.refresh(options),
    health: () => client.health?.() ?? healthFrom(client.freshness(), client.facts?.() ?? NO_FACTS),
    on: (event, listener) => client.on?.(event, listener) ?? (() => {}),
    document: () => client.document?.(),
  };
}

/** @throws TypeError unless the options hold a client; for callers without types. */
export function requireClient(options: { readonly client: ShownClient }): void {
  requireOptions(options, 'createFlagHandler', '{ client }, the client that createFlagClient made');
  if (isClient(options.client)) return;
  if (isClient(options)) throw new TypeError('options of createFlagHandler are a client; allowed is { client }');
  const { client } = options as { readonly client: unknown };
  throw new TypeError(
    `client is ${describeOption(client)}; allowed is what createFlagClient or createEdgeFlagClient made`,
  );
}

/** By shape: it may come from another copy of the core. */
function isClient(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { all, freshness, refresh } = value as Partial<Record<keyof ShownClient, unknown>>;
  return [all, freshness, refresh].every((method) => typeof method === 'function');
}

const NO_FACTS: EdgeFacts = { cacheSize: 0, setAside: [], isolatedErrors: 0 };

/**
 * Health of a client that verifies its flags within requests: nothing is late that nobody asked for, so there is no
 * bound.
 */
function healthFrom(freshness: Freshness, { cacheSize, setAside, isolatedErrors }: EdgeFacts): Health {
  const {
    ageMs,
    breaker,
    feed,
    lastError,
    lostWrites,
    origin,
    refreshFailures,
    rejected,
    revision,
    state,
    verifiedAtMs,
  } = freshness;
  const stale = state === 'stale' || state === 'never';
  return {
    healthy: !stale,
    config_age_seconds: ageMs === null ? null : Math.round(ageMs) / 1000,
    config_stale: stale,
    circuit_breaker_state: breaker.state,
    last_refresh: verifiedAtMs === null ? null : new Date(verifiedAtMs).toISOString(),
    refresh_failures: refreshFailures,
    refresh_mode: 'none',
    cache_size: cacheSize,
    client: null,
    closed: false,
    freshness: state,
    origin: origin ?? null,
    revision: revision === undefined ? null : formatRevision(revision),
    bound: {
      healthy_seconds: null,
      after_outage_seconds: null,
      arithmetic: 'flags are verified within requests: no bound',
    },
    feed,
    feed_error: null,
    last_error:
      lastError === null
        ? null
        : {
            reason: lastError.reason,
            message: lastError.message,
            source: lastError.source,
            at: new Date(lastError.atMs).toISOString(),
          },
    cache_saved_at: null,
    cache_error: null,
    set_aside_flags: setAside.map(({ flagKey, problem }) => ({ flag: flagKey, reason: problem.message })),
    rejected_document:
      rejected === null
        ? null
        : {
            revision: rejected.revision === undefined ? null : formatRevision(rejected.revision),
            source: rejected.source,
            message: rejected.message,
            at: new Date(rejected.atMs).toISOString(),
          },
    lost_writes:
      lostWrites === null
        ? null
        : {
            source: lostWrites.source,
            lost: formatRevision(lostWrites.lost),
            adopted: formatRevision(lostWrites.adopted),
            at: new Date(lostWrites.atMs).toISOString(),
          },
    warnings: [],
    overrides: [],
    override_ends: [],
    mismatched_overrides: [],
    isolated_errors: isolatedErrors,
  };
}
