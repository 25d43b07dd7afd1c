import { namedSink, setClientGauges } from '@clarity/flags-core/metrics';
import type { MetricsSink } from '@clarity/flags-core/ports';
import { completed, type ShownClient } from '../shown-client.ts';

/**
 * Sets the gauges that follow from how the client stands at this moment: staleness, ages, breaker, feed, revision,
 * compiled flags. A client does this for the sink that it was given; here it is done for any other.
 */
export function sampleClient(client: ShownClient, sink: MetricsSink): void {
  const { cache_size, set_aside_flags, client: name } = completed(client).health();
  setClientGauges(name === null ? sink : namedSink(sink, name), {
    freshness: client.freshness(),
    cacheSize: cache_size,
    setAsideFlags: set_aside_flags.length,
  });
}
