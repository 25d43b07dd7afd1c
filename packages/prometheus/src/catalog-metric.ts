import type { MetricDefinition, MetricFamily, MetricName, MetricSeries } from '@clarity/flags-core/metrics';

/** How prom-client puts the values of several processes together. */
type Aggregator = 'sum' | 'max' | 'min';

interface Value {
  readonly value: number;
  readonly labels: Readonly<Record<string, string | number>>;
  /** The sample's own name, where it is not the metric's. */
  readonly metricName?: string;
}

const CATALOG_METRIC: unique symbol = Symbol.for('@clarity/flags-prometheus/catalog-metric') as never;

export function isCatalogMetric(metric: object): boolean {
  return CATALOG_METRIC in metric;
}

/**
 * One metric of the catalog, as a registry of prom-client asks for it. A registry wants no more of a metric than its
 * name and what `get` gives, so values are read from our table at each scrape, and nothing of prom-client runs while
 * flags are counted.
 */
export class CatalogMetric {
  /** By this and not by its class, of which a process may have several. */
  readonly [CATALOG_METRIC] = true;
  /** A registry in OpenMetrics takes the suffix off a counter's name, and expects to read it so. */
  name: string;
  readonly help: string;
  readonly type: MetricDefinition['type'];
  readonly aggregator: Aggregator;
  readonly #catalogName: MetricName;
  readonly #definition: MetricDefinition;
  readonly #read: (name: MetricName) => MetricFamily | undefined;

  constructor(name: MetricName, definition: MetricDefinition, read: (name: MetricName) => MetricFamily | undefined) {
    this.name = name;
    this.help = definition.help;
    this.type = definition.type;
    this.aggregator = aggregatorOf(definition);
    this.#catalogName = name;
    this.#definition = definition;
    this.#read = read;
  }

  get(): object {
    const { name, help, type, aggregator } = this;
    const series = this.#read(this.#catalogName)?.series ?? [];
    const values = [...series].flatMap((one) => valuesOf(this.#catalogName, this.#definition, one));
    return { name, help, type, aggregator, values };
  }

  /** The table is the client's: a registry that is reset does not empty it. */
  reset(): void {}
}

function aggregatorOf(definition: MetricDefinition): Aggregator {
  return definition.type === 'gauge' ? (definition.together ?? 'max') : 'sum';
}

function valuesOf(
  name: MetricName,
  definition: MetricDefinition,
  { labels: given, client, value, buckets }: MetricSeries,
): Value[] {
  const own = Object.fromEntries(definition.labels.map((label, at) => [label, given[at] ?? '']));
  const labels = client === '' ? own : { ...own, client };
  if (definition.type !== 'histogram') return [{ value, labels }];
  let cumulated = 0;
  const bounds = [...definition.buckets, '+Inf'];
  const cumulatedBuckets = buckets.map((count, at): Value => {
    cumulated += count;
    return { value: cumulated, labels: { ...labels, le: bounds[at] ?? '+Inf' }, metricName: `${name}_bucket` };
  });
  return [
    ...cumulatedBuckets,
    { value, labels, metricName: `${name}_sum` },
    { value: cumulated, labels, metricName: `${name}_count` },
  ];
}
