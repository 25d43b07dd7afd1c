import type { Health } from '@clarity/flags-core';
import { METRIC_CATALOG, type MetricDefinition } from '@clarity/flags-core/metrics';
import type { ActiveAlert } from '../alerts/alert-watch.ts';
import { sentHealth } from '../sent-health.ts';
import type { Sample } from './parse-exposition.ts';
import { type CumulatedBucket, quantile, QUANTILE_ESTIMATION } from './quantile.ts';

const QUANTILES = { p50: 0.5, p90: 0.9, p95: 0.95, p99: 0.99 } as const;

interface Distribution {
  readonly labels: Readonly<Record<string, string>>;
  readonly count: number;
  readonly sum: number;
  readonly mean: number | null;
  readonly quantiles: Readonly<Record<keyof typeof QUANTILES, number | null>>;
}

/** The figures of this moment as JSON: health, active alerts, and every metric of the catalog that has a value. */
export function dashboardOf(
  health: Health,
  alerts: readonly ActiveAlert[],
  samples: readonly Sample[],
  nowMs: number,
): object {
  const byName = grouped(samples, ({ name }) => name);
  const metrics = Object.entries(METRIC_CATALOG).flatMap(([name, definition]: [string, MetricDefinition]) => {
    const series =
      definition.type === 'histogram'
        ? distributions(name, byName)
        : (byName.get(name) ?? []).map(({ labels, value }) => ({ labels: Object.fromEntries(labels), value }));
    return series.length === 0 ? [] : [[name, { type: definition.type, help: definition.help, series }] as const];
  });
  return {
    at: new Date(nowMs).toISOString(),
    health: sentHealth(health),
    alerts,
    metrics: Object.fromEntries(metrics),
    quantiles: QUANTILE_ESTIMATION,
  };
}

function distributions(name: string, byName: ReadonlyMap<string, readonly Sample[]>): readonly Distribution[] {
  const buckets = grouped(byName.get(`${name}_bucket`) ?? [], ({ labels }) => keyOf(labels));
  const sums = new Map((byName.get(`${name}_sum`) ?? []).map(({ labels, value }) => [keyOf(labels), value]));
  return (byName.get(`${name}_count`) ?? []).map(({ labels, value: count }) => {
    const key = keyOf(labels);
    const sum = sums.get(key) ?? 0;
    const cumulated = (buckets.get(key) ?? []).map(cumulatedBucket).toSorted((a, b) => a.bound - b.bound);
    const quantiles = Object.fromEntries(
      Object.entries(QUANTILES).map(([label, q]) => [label, quantile(q, cumulated) ?? null]),
    ) as Distribution['quantiles'];
    return { labels: Object.fromEntries(labels), count, sum, mean: count === 0 ? null : sum / count, quantiles };
  });
}

function cumulatedBucket({ labels, value }: Sample): CumulatedBucket {
  const le = labels.get('le') ?? '';
  return { bound: le === '+Inf' ? Number.POSITIVE_INFINITY : Number(le), count: value };
}

/** `Map.groupBy`, which Node 20 has not. */
function grouped(samples: readonly Sample[], keyOfSample: (sample: Sample) => string): Map<string, Sample[]> {
  const groups = new Map<string, Sample[]>();
  for (const sample of samples) {
    const key = keyOfSample(sample);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [sample]);
    else group.push(sample);
  }
  return groups;
}

/** The same for a histogram's buckets, sum and count. */
function keyOf(labels: ReadonlyMap<string, string>): string {
  return JSON.stringify([...labels].filter(([name]) => name !== 'le').toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
