import { checkedNumber } from '../adapter-kit/adapter-options.ts';
import {
  type CounterName,
  type GaugeName,
  type HistogramName,
  METRIC_CATALOG,
  type MetricDefinition,
  type MetricName,
} from './metric-catalog.ts';
import type { MetricLabels, MetricsSink } from './metrics-sink.ts';

/** One metric with one set of label values. */
export interface MetricSeries {
  /** Label values in the order of the catalog's labels. */
  readonly labels: readonly string[];
  /** Whose it is: the value of the label `client`. Empty for a client without a name, and then there is no label. */
  readonly client: string;
  /** Of a histogram: the sum of what was observed. */
  readonly value: number;
  /** Observations in each bucket of a histogram, not cumulated; the last one is that at infinity. */
  readonly buckets: readonly number[];
}

export interface MetricFamily {
  readonly name: MetricName;
  readonly definition: MetricDefinition;
  readonly series: Iterable<MetricSeries>;
}

/** A sink that keeps the metrics in memory, to be exported from there. */
export interface MetricTable extends Required<MetricsSink> {
  /** The metrics that have a value, in the order of the catalog, after every client has set what ages by itself. */
  families(): Iterable<MetricFamily>;
}

export interface MetricTableOptions {
  /**
   * How many series one metric may have, 1 to 1,000,000. What comes beyond is counted as `__other__`. Default 5,000.
   */
  readonly maxSeries?: number;
}

/** The label value of what was not given a series of its own, so that totals stay true. */
const OTHER = '__other__';

/** Flag keys and variants are short; a value that is longer is no name of either. In UTF-16 code units. */
const MAX_LABEL_LENGTH = 256;

interface StoredSeries extends MetricSeries {
  value: number;
  readonly buckets: number[];
}

interface StoredFamily extends Omit<MetricFamily, 'series'> {
  readonly series: Map<string, StoredSeries>;
}

/**
 * Counters, gauges and histograms in maps of our own. Counters and histograms whose labels are known beforehand begin
 * at 0 as soon as a client has handed itself in by `sampled`, so that the first increase is seen as one; where nobody
 * counts they are absent, for 0 would be a claim. A gauge that is set to NaN is gone until it is set again. What
 * several clients of one name, or of none, set before one reading is put together as the catalog says.
 *
 * @throws {RangeError} when `maxSeries` is not an integer in its range.
 */
export function metricTable({ maxSeries = 5_000 }: MetricTableOptions = {}): MetricTable {
  checkedNumber('maxSeries', maxSeries, 1, 1_000_000);
  const families = new Map<string, StoredFamily>();
  for (const [name, definition] of Object.entries(METRIC_CATALOG) as [MetricName, MetricDefinition][]) {
    const family: StoredFamily = { name, definition, series: new Map() };
    families.set(name, family);
  }
  const samples = new Set<() => void>();
  /** What was set before the reading under way, by metric and by series; undefined at all other times. */
  let setNow: Set<string> | undefined;

  return {
    count(name: CounterName, labels?: MetricLabels, value = 1): void {
      if (!(value >= 0 && value < Number.POSITIVE_INFINITY)) {
        throw new RangeError(`the growth of ${name} is ${value}; allowed is a finite number from 0`);
      }
      seriesOf(familyOf(families, name, 'counter'), labels, maxSeries).value += value;
    },
    gauge(name: GaugeName, value: number, labels?: MetricLabels): void {
      const family = familyOf(families, name, 'gauge');
      const client = clientIn(labels);
      const series = keyOf([client, ...labelValues(family.definition, labels)]);
      const key = `${name} ${series}`;
      const again = setNow?.has(key) === true;
      if (Number.isNaN(value)) {
        // It does not apply to this client; for another one it may.
        if (!again) family.series.delete(series);
        return;
      }
      const { definition } = family;
      const ofClient = `${name} of ${client}`;
      if (definition.type === 'gauge' && definition.exclusive === true && setNow?.has(ofClient) !== true) {
        for (const [other, { client: whose }] of family.series) if (whose === client) family.series.delete(other);
      }
      const stored = seriesOf(family, labels, maxSeries);
      stored.value = again ? together(definition, stored.value, value) : value;
      setNow?.add(ofClient).add(key);
    },
    observe(name: HistogramName, value: number, labels?: MetricLabels): void {
      if (!Number.isFinite(value)) throw new RangeError(`what ${name} records is ${value}; allowed is a finite number`);
      const family = familyOf(families, name, 'histogram');
      const series = seriesOf(family, labels, maxSeries);
      series.value += value;
      const at = boundsOf(family.definition).findIndex((most) => value <= most);
      series.buckets[at] = (series.buckets[at] ?? 0) + 1;
    },
    sampled(sample: () => void, labels?: MetricLabels): void {
      samples.add(sample);
      for (const family of families.values()) begin(family, labels, maxSeries);
    },
    families: () => {
      setNow = new Set();
      try {
        for (const sample of samples) sample();
      } finally {
        setNow = undefined;
      }
      return present(families);
    },
  };
}

/** The series that are known beforehand. */
function begin(family: StoredFamily, own: MetricLabels | undefined, maxSeries: number): void {
  const { definition } = family;
  if (definition.type === 'gauge') return;
  const [label] = definition.labels;
  if (label === undefined) seriesOf(family, own, maxSeries);
  else if (definition.type === 'counter')
    for (const value of definition.values ?? []) seriesOf(family, { ...own, [label]: value }, maxSeries);
}

function together(definition: MetricDefinition, one: number, other: number): number {
  const how = definition.type === 'gauge' ? (definition.together ?? 'max') : 'sum';
  return how === 'sum' ? one + other : Math[how](one, other);
}

function* present(families: ReadonlyMap<string, StoredFamily>): Iterable<MetricFamily> {
  for (const { name, definition, series } of families.values()) {
    if (series.size > 0) yield { name, definition, series: series.values() };
  }
}

function familyOf(
  families: ReadonlyMap<string, StoredFamily>,
  name: string,
  type: MetricDefinition['type'],
): StoredFamily {
  const family = families.get(name);
  if (family?.definition.type === type) return family;
  throw new TypeError(`${JSON.stringify(name)} is no ${type} of the metric catalog`);
}

function seriesOf(
  { definition, series }: StoredFamily,
  labels: MetricLabels | undefined,
  maxSeries: number,
): StoredSeries {
  const client = clientIn(labels);
  let values = labelValues(definition, labels);
  if (series.size >= maxSeries && !series.has(keyOf([client, ...values]))) {
    // One series more than allowed: the one that takes all others.
    values = values.map(() => OTHER);
  }
  const key = keyOf([client, ...values]);
  let stored = series.get(key);
  if (stored === undefined) {
    stored = { labels: values, client, value: 0, buckets: boundsOf(definition).map(() => 0) };
    series.set(key, stored);
  }
  return stored;
}

/** In the order of the catalog. A label that is not given is empty, which Prometheus takes for absent. */
function labelValues(definition: MetricDefinition, labels: MetricLabels | undefined): readonly string[] {
  return definition.labels.map((label) => labelValue(labels, label));
}

function clientIn(labels: MetricLabels | undefined): string {
  return labelValue(labels, 'client');
}

function labelValue(labels: MetricLabels | undefined, label: string): string {
  const value = labels !== undefined && Object.hasOwn(labels, label) ? String(labels[label]) : '';
  return value.length <= MAX_LABEL_LENGTH ? value : OTHER;
}

/** No two lists of values have the same key, even if they hold the separator. */
function keyOf(values: readonly string[]): string {
  let key = '';
  for (const value of values) key += `${value.length}:${value}`;
  return key;
}

/** Upper bounds of the buckets of a histogram, with the one at infinity. */
function boundsOf(definition: MetricDefinition): readonly number[] {
  return definition.type === 'histogram' ? [...definition.buckets, Number.POSITIVE_INFINITY] : [];
}
