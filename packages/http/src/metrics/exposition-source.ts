import { namedSink } from '@clarity/flags-core/metrics';
import type { MetricsSink } from '@clarity/flags-core/ports';
import type { ExpositionFormat } from './exposition.ts';
import { sampleClient } from './sample-client.ts';
import { textMetrics } from './text-metrics.ts';
import type { CompleteClient } from '../shown-client.ts';

/** A sink that can be read, such as `textMetrics()` or that of a metrics library. */
export interface ReadableMetrics extends MetricsSink {
  /** All metrics as Prometheus reads them. It may answer in another format than it is asked for. */
  exposition(format: ExpositionFormat): string | Promise<string>;
}

export interface ExpositionSource {
  /** The metrics of this moment: ages are computed now. */
  readonly text: (format: ExpositionFormat) => Promise<string>;
  /** Where the handler counts: it tells the client's name, too. */
  readonly sink: () => MetricsSink;
}

/**
 * Where the metrics routes read. Without metrics of the application's there is still how the client stands at this
 * moment; only what is counted over time is missing.
 */
export function expositionSource(
  client: CompleteClient,
  metrics: ReadableMetrics = textMetrics(),
  streamClients: () => number,
  report: (error: unknown) => void,
): ExpositionSource {
  const sink = (): MetricsSink => {
    const { client: name } = client.health();
    return name === null ? metrics : namedSink(metrics, name);
  };
  return {
    sink,
    text: async (format) => {
      try {
        sampleClient(client, metrics);
        sink().gauge('feature_flag_stream_clients', streamClients());
      } catch (error) {
        // What the sink holds may still be read.
        report(error);
      }
      return metrics.exposition(format);
    },
  };
}
