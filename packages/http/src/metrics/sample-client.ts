import type { BreakerStateName } from '@clarity/flags-core';
import { formatRevision, type MetricsSink } from '@clarity/flags-core/ports';
import { completed, type ShownClient } from '../shown-client.ts';

const BREAKER_GAUGE: Readonly<Record<BreakerStateName, number>> = { closed: 0, open: 1, 'half-open': 2 };

/**
 * Sets the gauges that follow from how the client stands at this moment: staleness, ages, breaker, feed, revision, compiled
 * flags. Called before each exposition, so that what is scraped and what health says come from the same freshness value, and
 * ages are those of the scrape.
 */
export function sampleClient(client: ShownClient, sink: MetricsSink): void {
  const { breaker, feed, origin, publicationAgeMs, rejected, revision, state, verifiedAtMs } = client.freshness();
  const { cache_size, set_aside_flags } = completed(client).health();
  sink.gauge('feature_flag_stale_config', state === 'stale' || state === 'never' ? 1 : 0);
  sink.gauge('feature_flag_circuit_breaker_state', BREAKER_GAUGE[breaker.state]);
  sink.gauge('feature_flag_document_rejected', rejected === null ? 0 : 1);
  sink.gauge('feature_flag_set_aside_flags', set_aside_flags.length);
  sink.gauge('feature_flag_cache_size', cache_size);
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
