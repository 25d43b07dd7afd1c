/**
 * Where spans go: as much of an OpenTelemetry tracer as a client uses. `trace.getTracer('flags')` of
 * `@opentelemetry/api` is one. Calls are synchronous and cheap; what a tracer throws is isolated and counted (F45).
 */
export interface FlagTracer {
  startSpan(name: string, options?: { readonly attributes?: Record<string, string | boolean> }): FlagSpan;
}

/** As much of an OpenTelemetry span as a client uses. */
export interface FlagSpan {
  /** 2 is OpenTelemetry's code for an error. */
  setStatus(status: { readonly code: 2; readonly message: string }): unknown;
  end(): void;
}
