import { formatRevision, type Revision } from '../document/revision.ts';
import type { MetricsSink } from './metrics-sink.ts';

/** How a client stands at one moment, as far as gauges tell it: its freshness, and three counts beside that. */
export interface ClientStanding {
  readonly freshness: {
    readonly state: 'fresh' | 'degraded' | 'stale' | 'never';
    readonly verifiedAtMs: number | null;
    readonly publicationAgeMs: number | null;
    readonly breaker: { readonly state: keyof typeof BREAKER_GAUGE };
    readonly feed: 'none' | 'connecting' | 'up' | 'down';
    readonly revision: Revision | undefined;
    readonly origin: { readonly kind: string } | undefined;
    readonly rejected: object | null;
  };
  readonly cacheSize: number;
  readonly setAsideFlags: number;
}

/** The values of `feature_flag_circuit_breaker_state`, on which dashboards and alerts depend. */
export const BREAKER_GAUGE = { closed: 0, open: 1, 'half-open': 2 } as const;

/** The value of `feature_flag_stale_config`: a fallback's flags are verified too, so they are not stale. */
export function staleGauge(state: ClientStanding['freshness']['state']): 0 | 1 {
  return state === 'stale' || state === 'never' ? 1 : 0;
}

/**
 * Sets every gauge that follows from how a client stands. It is called before metrics are read, so that what is read
 * and what health says come from one freshness value, and ages are those of the reading. A gauge that does not apply is
 * taken away.
 */
export function setClientGauges(
  sink: Pick<MetricsSink, 'gauge'>,
  { freshness, cacheSize, setAsideFlags }: ClientStanding,
): void {
  const { breaker, feed, origin, publicationAgeMs, rejected, revision, state, verifiedAtMs } = freshness;
  sink.gauge('feature_flag_stale_config', staleGauge(state));
  sink.gauge('feature_flag_circuit_breaker_state', BREAKER_GAUGE[breaker.state]);
  sink.gauge('feature_flag_document_rejected', rejected === null ? 0 : 1);
  sink.gauge('feature_flag_set_aside_flags', setAsideFlags);
  sink.gauge('feature_flag_cache_size', cacheSize);
  if (verifiedAtMs !== null) sink.gauge('feature_flag_last_refresh_timestamp', verifiedAtMs / 1000);
  // A document from another origin may come without the time that the one before it had.
  sink.gauge('feature_flag_publication_age_seconds', publicationAgeMs === null ? Number.NaN : publicationAgeMs / 1000);
  // A client without a feed has no subscription that could be down.
  sink.gauge('feature_flag_subscriber_up', feed === 'none' ? Number.NaN : feed === 'up' ? 1 : 0);
  if (origin !== undefined) {
    const served = revision === undefined ? 'none' : formatRevision(revision);
    sink.gauge('feature_flag_revision_info', 1, { revision: served, origin: origin.kind });
  }
}

/**
 * Takes away, within a reading, what is not so any more once nothing verifies the flags of a client. The time of the
 * last verification stays: it is as true as before, and growing old it is what alerts. Where another client sets them
 * in the same reading, its values stand.
 */
export function withdrawClientGauges(sink: Pick<MetricsSink, 'gauge'>): void {
  for (const age of [
    'feature_flag_stale_config',
    'feature_flag_publication_age_seconds',
    'feature_flag_subscriber_up',
  ] as const)
    sink.gauge(age, Number.NaN);
}
