import { describeOption, requireOptions } from '@clarity/flags-core/adapter-kit';
import {
  METRIC_CATALOG,
  type MetricDefinition,
  type MetricFamily,
  type MetricName,
  metricTable,
  type MetricTable,
} from '@clarity/flags-core/metrics';
import type { MetricsSink } from '@clarity/flags-core/ports';
import { type Metric, Registry } from 'prom-client';
import { CatalogMetric, isCatalogMetric } from './catalog-metric.ts';

export interface PrometheusMetricsOptions {
  /** The registry that the application scrapes. Default: a new one, to be read by `exposition()`. */
  readonly registry?: Registry;
  /**
   * How many series one metric may have, 1 to 1,000,000. What comes beyond is counted as `__other__`. Default 5,000.
   */
  readonly maxSeries?: number;
}

/** A sink whose metrics stand in a registry of prom-client. */
export interface PrometheusMetrics extends MetricsSink {
  readonly registry: Registry;
  /** Everything in the registry, in the registry's own format. */
  exposition(): Promise<string>;
}

/**
 * One table for each registry: a second client in a process counts into the same series, unless it has another name.
 * Kept by the process, since bundlers and hot reload evaluate this module more than once (F62). The number in the key
 * changes when the shape of a table does.
 */
const TABLES: unique symbol = Symbol.for('@clarity/flags-prometheus/tables/2') as never;
const tables = ((globalThis as { [TABLES]?: WeakMap<Registry, MetricTable> })[TABLES] ??= new WeakMap());

/**
 * The metrics of a client for prom-client 15: give it to the client as `metrics`. Counting costs a map look-up;
 * everything of prom-client happens when it is scraped. In a cluster, `AggregatorRegistry` in the primary puts the
 * workers together.
 *
 * @throws TypeError when the registry is not one of prom-client
 * @throws RangeError when `maxSeries` is not an integer in its range
 * @throws Error when the registry holds a metric of another maker under one of our names
 */
export function prometheusMetrics(options: PrometheusMetricsOptions = {}): PrometheusMetrics {
  requireOptions(options, 'prometheusMetrics', '{ registry }, or nothing');
  const { registry = new Registry(), maxSeries } = options;
  if (typeof (registry as Partial<Registry> | null)?.registerMetric !== 'function')
    throw new TypeError(
      `registry is ${describeOption(registry)}; allowed is a registry of prom-client: its register, or a new Registry()`,
    );
  let table = tables.get(registry);
  // A registry that was cleared has let go of our metrics: what is counted is kept, and they are put back.
  if (table === undefined || !registry.getMetricsAsArray().some(isCatalogMetric))
    table = register(registry, table ?? metricTable(maxSeries === undefined ? {} : { maxSeries }));
  return {
    registry,
    count: (...args) => table.count(...args),
    gauge: (...args) => table.gauge(...args),
    observe: (...args) => table.observe(...args),
    sampled: (...args) => table.sampled(...args),
    exposition: () => registry.metrics(),
  };
}

function register(registry: Registry, table: MetricTable): MetricTable {
  const metrics = Object.entries(METRIC_CATALOG) as [MetricName, MetricDefinition][];
  // Before any is registered: a registry that was refused is left as it was.
  const taken = metrics.find(([name]) => registry.getSingleMetric(name) !== undefined)?.[0];
  if (taken !== undefined) {
    throw new Error(
      `the registry holds another metric named ${taken}; give prometheusMetrics a registry of its own, or rename that metric`,
    );
  }
  tables.set(registry, table);
  let present: ReadonlyMap<MetricName, MetricFamily> | undefined;
  const read = (name: MetricName): MetricFamily | undefined => {
    if (present === undefined) {
      present = new Map([...table.families()].map((family) => [family.name, family]));
      // A scrape asks for every metric in one go: the next one looks anew.
      queueMicrotask(() => {
        present = undefined;
      });
    }
    return present.get(name);
  };
  for (const [name, definition] of metrics) {
    // A registry asks a metric for its name and its values, and for nothing else that its type has.
    registry.registerMetric(new CatalogMetric(name, definition, read) as unknown as Metric);
  }
  return table;
}
