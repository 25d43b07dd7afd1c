export type { ContextIdOption } from './context-id.ts';
export type { AttributeValue, EvaluationEvent } from './evaluation-event.ts';
export type { Temporality } from './metrics-request.ts';
export { type EventLogger, openTelemetryHook, type OpenTelemetryHookOptions } from './open-telemetry-hook.ts';
export { type OtlpEvents, otlpEvents, type OtlpEventsOptions } from './otlp-events.ts';
export { type OtlpMetrics, otlpMetrics, type OtlpMetricsOptions } from './otlp-metrics.ts';
export type { PushOptions } from './push.ts';
