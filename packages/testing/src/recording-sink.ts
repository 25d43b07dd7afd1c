import type { CounterName, GaugeName, HistogramName } from '@clarity/flags-core/metrics';
import type { MetricLabels, MetricsSink } from '@clarity/flags-core/ports';

export interface RecordingSink extends MetricsSink {
  /** The counter's or gauge's value for exactly these labels; `undefined` when nothing was recorded. */
  value(name: CounterName | GaugeName, labels?: MetricLabels): number | undefined;
  /** The sum of a counter over all of its labels; 0 when nothing was recorded. */
  total(name: CounterName): number;
  /** What a histogram was given for exactly these labels, oldest first. */
  observed(name: HistogramName, labels?: MetricLabels): readonly number[];
  /** Every series by name and labels, for a look at the whole. */
  series(): readonly { readonly name: string; readonly labels: MetricLabels; readonly value: number }[];
  /** Forgets everything. */
  clear(): void;
}

interface Series {
  readonly name: string;
  readonly labels: MetricLabels;
  value: number;
}

/** A metrics sink that keeps everything in memory. */
export function recordingSink(): RecordingSink {
  const values = new Map<string, Series>();
  const observations = new Map<string, number[]>();

  const seriesOf = (name: string, labels: MetricLabels): Series => {
    const id = identify(name, labels);
    const found = values.get(id) ?? { name, labels: { ...labels }, value: 0 };
    values.set(id, found);
    return found;
  };

  return {
    count: (name, labels = {}, value = 1) => {
      if (!(value >= 0)) throw new RangeError(`${name} was counted by ${value}; a counter takes a number from 0`);
      seriesOf(name, labels).value += value;
    },
    gauge: (name, value, labels = {}) => {
      seriesOf(name, labels).value = value;
    },
    observe: (name, value, labels = {}) => {
      const id = identify(name, labels);
      const found = observations.get(id) ?? [];
      found.push(value);
      observations.set(id, found);
    },
    value: (name, labels = {}) => values.get(identify(name, labels))?.value,
    total: (name) => [...values.values()].reduce((sum, series) => (series.name === name ? sum + series.value : sum), 0),
    observed: (name, labels = {}) => [...(observations.get(identify(name, labels)) ?? [])],
    series: () => [...values.values()].map(({ name, labels, value }) => ({ name, labels, value })),
    clear: () => {
      values.clear();
      observations.clear();
    },
  };
}

/** The same for the same labels in any order. */
function identify(name: string, labels: MetricLabels): string {
  return JSON.stringify([name, ...Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1))]);
}
