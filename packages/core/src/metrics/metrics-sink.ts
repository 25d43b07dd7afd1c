import type { CounterName, GaugeName, HistogramName } from './metric-catalog.ts';

/**
 * Label values by label name. Values come from closed sets or are capped: a sink may keep one series for each. Beside
 * the labels that the catalog gives a metric, each may have `client`: the name of the client that tells of it.
 */
export type MetricLabels = Readonly<Record<string, string>>;

/** Where metrics go. Calls are synchronous and cheap; a sink that throws is isolated and counted (F45). */
export interface MetricsSink {
  /** Adds `value` (default 1, never negative) to a counter. */
  count(name: CounterName, labels?: MetricLabels, value?: number): void;
  /** Sets a gauge. */
  gauge(name: GaugeName, value: number, labels?: MetricLabels): void;
  /** Records one observation, in the unit that the metric's name ends with. */
  observe(name: HistogramName, value: number, labels?: MetricLabels): void;
  /**
   * A client hands in what sets the gauges that age by themselves. A sink that is read now and then calls it before
   * each reading. `labels` holds the client's name, if it has one.
   */
  sampled?(sample: () => void, labels?: MetricLabels): void;
}
