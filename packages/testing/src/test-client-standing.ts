import type { Freshness, Health } from '@clarity/flags-core';
import { type CountedRevision, formatRevision } from '@clarity/flags-core/ports';

/** What a test client says of itself follows from this: it reads no store, so nothing can go wrong. */
export interface Standing {
  readonly revision: CountedRevision;
  readonly madeAtMs: number;
  readonly closed: boolean;
}

export const ORIGIN = { kind: 'primary', name: 'test client' } as const;
/** A hundred years: nothing turns stale during a test. */
const STALE_AFTER_MS = 100 * 365 * 24 * 60 * 60 * 1000;

export function freshnessOf({ revision, madeAtMs }: Standing): Freshness {
  return {
    state: 'fresh',
    revision,
    origin: ORIGIN,
    fetchedAtMs: madeAtMs,
    verifiedAtMs: madeAtMs,
    ageMs: 0,
    staleAfterMs: STALE_AFTER_MS,
    clockUncertain: false,
    publishedAtMs: null,
    publicationAgeMs: null,
    clockOffsetMs: null,
    breaker: { state: 'closed', failures: 0, retryAfterMs: null },
    feed: 'none',
    refreshFailures: 0,
    lastError: null,
    rejected: null,
    lostWrites: null,
  };
}

/** Health, but for what comes of the flags, the overrides and the listeners. */
export function healthOf({
  revision,
  madeAtMs,
  closed,
}: Standing): Omit<Health, 'cache_size' | 'overrides' | 'mismatched_overrides' | 'isolated_errors'> {
  return {
    healthy: !closed,
    config_age_seconds: 0,
    config_stale: false,
    circuit_breaker_state: 'closed',
    last_refresh: new Date(madeAtMs).toISOString(),
    refresh_failures: 0,
    refresh_mode: 'none',
    closed,
    freshness: 'fresh',
    origin: ORIGIN,
    revision: formatRevision(revision),
    bound: {
      healthy_seconds: null,
      after_outage_seconds: null,
      arithmetic: 'a test client reads no store: no bound',
    },
    feed: 'none',
    feed_error: null,
    last_error: null,
    cache_saved_at: null,
    cache_error: null,
    set_aside_flags: [],
    rejected_document: null,
    lost_writes: null,
  };
}
