import { withdrawClientGauges } from './client-gauges.ts';
import type { MetricsSink } from './metrics-sink.ts';

/**
 * What a sink runs before each reading. The sink keeps it for as long as it lives, which may be longer than any client.
 */
export interface Sampling {
  run: (() => void) | undefined;
}

/**
 * The function that a sink keeps. It is made in a scope of its own: functions made in one scope keep alive what any of
 * them uses, and the sink would keep a closed client.
 */
export function samplerOf(sampling: Sampling): () => void {
  return () => sampling.run?.();
}

/**
 * Takes back, at the next reading, what a closed client has set: it would be shown as if it were still so. Then nothing
 * is left to do.
 */
export function lastSampleOf(sampling: Sampling, metrics: MetricsSink): () => void {
  return () => {
    withdrawClientGauges(metrics);
    sampling.run = undefined;
  };
}
