import type { MetricLabels, MetricsSink } from './metrics-sink.ts';

/** The same sink for one client among several: what it is told carries the client's name as the label `client`. */
export function namedSink(sink: MetricsSink, client: string): MetricsSink {
  const named = (labels?: MetricLabels): MetricLabels => ({ ...labels, client });
  return {
    count: (name, labels, value) => sink.count(name, named(labels), value),
    gauge: (name, value, labels) => sink.gauge(name, value, named(labels)),
    observe: (name, value, labels) => sink.observe(name, value, named(labels)),
    sampled: (sample, labels) => sink.sampled?.(sample, named(labels)),
  };
}
