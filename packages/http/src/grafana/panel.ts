/** What a panel is, before Grafana's own shape. */
export interface Query {
  readonly expr: string;
  /** How a series is named; `{{label}}` is filled in by Grafana. */
  readonly legend: string;
}

export type Unit = 'short' | 's' | 'reqps' | 'bytes' | 'bool_yes_no';

export interface Panel {
  readonly kind: 'stat' | 'timeseries';
  readonly title: string;
  readonly description: string;
  readonly unit: Unit;
  readonly queries: readonly Query[];
  /** What numbers mean, where they stand for words. */
  readonly words?: Readonly<Record<string, { readonly text: string; readonly color: string }>>;
  /** From here on the figure is bad news. */
  readonly redFrom?: number;
  /** Series of a closed set, drawn on top of each other. */
  readonly stacked?: true;
}

export interface Section {
  readonly title: string;
  readonly panels: readonly Panel[];
}
