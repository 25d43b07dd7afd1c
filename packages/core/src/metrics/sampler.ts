import { withdrawClientGauges } from './client-gauges.ts';
import type { MetricsSink } from './metrics-sink.ts';

/** What a sink runs before each reading. The sink keeps it for as long as it lives, which may be longer than any client. */
export interface Sampling {
  run: (() => void) | undefined;
}

/** For the sink. Functions of one scope share what any of them holds: this one is made where nothing else is, so that it holds no closed client. */
export function samplerOf(sampling: Sampling): () => void {
  return () => sampling.run?.();
}

/** What is left to do for a client that was closed, with the next reading and then no more: what it set would be shown as if it were still so. */
export function lastSampleOf(sampling: Sampling, metrics: MetricsSink): () => void {
  return () => {
    withdrawClientGauges(metrics);
    sampling.run = undefined;
  };
}
