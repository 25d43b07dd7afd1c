export { type PrometheusMetrics, prometheusMetrics, type PrometheusMetricsOptions } from './prometheus-metrics.ts';
