import { metricTable, type MetricTableOptions } from '@clarity/flags-core/metrics';
import type { MetricsSink } from '@clarity/flags-core/ports';
import { type ExpositionFormat, renderExposition } from './exposition.ts';

/** A sink that keeps the metrics in memory and prints them for Prometheus. It depends on nothing. */
export interface TextMetrics extends MetricsSink {
  /** All metrics as text. Default: the text format 0.0.4, which every scraper reads. */
  exposition(format?: ExpositionFormat): string;
}

export type TextMetricsOptions = MetricTableOptions;

/**
 * Metrics for every runtime. Give the same object to the client (`metrics`), which fills it, and to the handler
 * (`metrics`), which serves it.
 *
 * @throws {RangeError} when `maxSeries` is not an integer in its range.
 */
export function textMetrics(options: TextMetricsOptions = {}): TextMetrics {
  const table = metricTable(options);
  return {
    count: (...args) => table.count(...args),
    gauge: (...args) => table.gauge(...args),
    observe: (...args) => table.observe(...args),
    sampled: (...args) => table.sampled(...args),
    exposition: (format = 'text') => renderExposition(table.families(), format),
  };
}
