import * as Effect from 'effect/Effect';
import * as Metric from 'effect/Metric';
import { runnerIn } from '../drivers/background/boundary.ts';
import { METRIC_CATALOG, type MetricDefinition, type MetricName } from '../metrics/metric-catalog.ts';
import type { MetricLabels, MetricsSink } from '../metrics/metrics-sink.ts';

/** One metric of one client. */
interface OneSeries {
  readonly client: string | undefined;
  readonly metric: Metric.Metric<number, unknown>;
}

type Series = Map<string, OneSeries>;

/**
 * A sink into Effect's own metrics, for the option `metrics`: those of the registry of the context that it is made in,
 * by the names of the metric catalog. It is told, not asked: ages are those of the last refresh.
 */
export const effectMetrics: Effect.Effect<MetricsSink> = Effect.map(Effect.context(), (context) => {
  const { now } = runnerIn(context);
  const families = new Map<MetricName, Series>();
  const update = (name: MetricName, value: number, labels: MetricLabels = {}): void => {
    const definition: MetricDefinition = METRIC_CATALOG[name];
    const series: Series = families.get(name) ?? new Map();
    families.set(name, series);
    const { client } = labels;
    const key = JSON.stringify([client ?? '', ...definition.labels.map((label) => labels[label] ?? '')]);
    const { metric } = series.get(key) ?? { metric: Metric.withAttributes(metricOf(name, definition), labels) };
    for (const [other, gone] of series) {
      if (gone.client !== client) continue;
      if (other === key ? !Number.isNaN(value) : definition.type !== 'gauge' || definition.exclusive !== true) continue;
      now(Metric.remove(gone.metric));
      series.delete(other);
    }
    if (Number.isNaN(value)) return;
    series.set(key, { client, metric });
    now(Metric.update(metric, value));
  };
  return {
    count: (name, labels, value = 1) => update(name, value, labels),
    gauge: (name, value, labels) => update(name, value, labels),
    observe: (name, value, labels) => update(name, value, labels),
  };
});

function metricOf(name: MetricName, definition: MetricDefinition): Metric.Metric<number, unknown> {
  const { help: description, type } = definition;
  if (type === 'counter') return Metric.counter(name, { description, incremental: true });
  if (type === 'gauge') return Metric.gauge(name, { description });
  return Metric.histogram(name, { description, boundaries: definition.buckets });
}
