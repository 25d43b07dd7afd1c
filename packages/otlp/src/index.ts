export type { Temporality } from './metrics-request.ts';
export { type OtlpMetrics, otlpMetrics, type OtlpMetricsOptions } from './otlp-metrics.ts';
