import type { MetricFamily, MetricSeries } from '@clarity/flags-core/metrics';

/** What was exported of each series, by metric and labels. */
export type Baseline = ReadonlyMap<string, MetricSeries>;

/** A copy of the table at this moment: it may go on counting while an export is on its way. */
export function copyOf(families: Iterable<MetricFamily>): readonly MetricFamily[] {
  return [...families].map(({ name, definition, series }) => ({
    name,
    definition,
    series: [...series].map((one) => ({ ...one, buckets: [...one.buckets] })),
  }));
}

export function baselineOf(families: readonly MetricFamily[]): Baseline {
  const baseline = new Map<string, MetricSeries>();
  for (const { name, definition, series } of families) {
    if (definition.type === 'gauge') continue;
    for (const one of series) baseline.set(keyOf(name, one), one);
  }
  return baseline;
}

/** What has been added since `baseline`. Series to which nothing was added are left out; gauges are what they are. */
export function since(families: readonly MetricFamily[], baseline: Baseline): readonly MetricFamily[] {
  return families.map((family) => {
    if (family.definition.type === 'gauge') return family;
    const series = [...family.series].map((one) => minus(one, baseline.get(keyOf(family.name, one)))).filter(hasGrown);
    return { ...family, series };
  });
}

/**
 * The families, and as NaN the gauges that were among those `before` and are no more: the revision that was served, a
 * subscription without a feed. Nobody is told of them again, and a collector would go on showing what it was told last.
 */
export function withGone(families: readonly MetricFamily[], before: readonly MetricFamily[]): readonly MetricFamily[] {
  const merged = new Map(families.map((family) => [family.name, family]));
  for (const { name, definition, series } of before) {
    if (definition.type !== 'gauge') continue;
    const present = [...(merged.get(name)?.series ?? [])];
    const keys = new Set(present.map((one) => keyOf(name, one)));
    const gone = [...series].filter((one) => !keys.has(keyOf(name, one))).map((one) => ({ ...one, value: Number.NaN }));
    if (gone.length > 0) merged.set(name, { name, definition, series: [...present, ...gone] });
  }
  return [...merged.values()];
}

function minus(one: MetricSeries, before: MetricSeries | undefined): MetricSeries {
  if (before === undefined) return one;
  const buckets = one.buckets.map((count, at) => count - (before.buckets[at] ?? 0));
  return { ...one, value: one.value - before.value, buckets };
}

function hasGrown({ value, buckets }: MetricSeries): boolean {
  return value !== 0 || buckets.some((count) => count > 0);
}

function keyOf(name: string, { labels, client }: MetricSeries): string {
  return JSON.stringify([name, client, ...labels]);
}
