/** The catalog of metrics, a table that holds them, and the gauges of a client: `@clarity/flags-core/metrics`. */
export type { ClientStanding } from './metrics/client-gauges.ts';
export { setClientGauges } from './metrics/client-gauges.ts';
export type { CounterName, GaugeName, HistogramName, MetricDefinition, MetricName } from './metrics/metric-catalog.ts';
export { METRIC_CATALOG } from './metrics/metric-catalog.ts';
export type { MetricFamily, MetricSeries, MetricTable, MetricTableOptions } from './metrics/metric-table.ts';
export { metricTable } from './metrics/metric-table.ts';
export type { MetricLabels, MetricsSink } from './metrics/metrics-sink.ts';
export { namedSink } from './metrics/named-sink.ts';
