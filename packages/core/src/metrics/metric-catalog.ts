import { STORE_ERROR_REASONS } from '../ports/store-error.ts';

/** Every metric, once. Sinks, dashboard, alert rules and documentation are generated from this table. */

interface Metric {
  readonly help: string;
  readonly labels: readonly string[];
}
interface Counter extends Metric {
  readonly type: 'counter';
  /**
   * Every value that its one label has, where that is a closed set: each begins at 0, so that its first increase is
   * seen as one.
   */
  readonly values?: readonly string[];
}
interface Gauge extends Metric {
  readonly type: 'gauge';
  /** Only the label values that were set last exist: a sink drops the others. */
  readonly exclusive?: true;
  /**
   * How the values of several clients, and of several processes of a cluster, become one. Default `max`: the worst
   * state is shown, so that a fresh client does not hide a stale one.
   */
  readonly together?: 'min' | 'sum';
}
interface Histogram extends Metric {
  readonly type: 'histogram';
  /** Upper bounds in the metric's unit, rising; the one at infinity is implied. */
  readonly buckets: readonly number[];
}
export type MetricDefinition = Counter | Gauge | Histogram;

const DURATION_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export const METRIC_CATALOG = {
  feature_flag_refresh_success_total: {
    type: 'counter',
    help: 'Refreshes that verified the flag document with a store.',
    labels: [],
  },
  feature_flag_refresh_failure_total: {
    type: 'counter',
    help: 'Refreshes that did not verify the flag document, by cause.',
    labels: ['error_type'],
    values: [...STORE_ERROR_REASONS, 'circuit_breaker_open', 'invalid_document'],
  },
  feature_flag_refresh_duration_seconds: {
    type: 'histogram',
    help: 'Duration of each admitted refresh attempt.',
    labels: [],
    buckets: DURATION_BUCKETS,
  },
  feature_flag_stale_config: {
    type: 'gauge',
    help: 'Whether the flag document is stale: 0 fresh (or degraded), 1 stale or never loaded.',
    labels: [],
  },
  feature_flag_last_refresh_timestamp: {
    type: 'gauge',
    help: 'Unix time in seconds of the last verification of the flag document.',
    labels: [],
    together: 'min',
  },
  feature_flag_circuit_breaker_state: {
    type: 'gauge',
    help: 'State of the circuit breaker: 0 closed, 1 open, 2 half-open.',
    labels: [],
  },
  feature_flag_circuit_breaker_transitions_total: {
    type: 'counter',
    help: 'Transitions of the circuit breaker, by the state entered.',
    labels: ['to'],
    values: ['closed', 'open', 'half-open'],
  },
  feature_flag_evaluations_total: {
    type: 'counter',
    help: 'Evaluations by flag, variant and reason; unknown flags count as __unknown__.',
    labels: ['flag', 'variant', 'reason'],
  },
  feature_flag_revision_info: {
    type: 'gauge',
    help: 'Always 1, labelled with the served revision and its origin, so that instances that disagree can be seen.',
    labels: ['revision', 'origin'],
    exclusive: true,
  },
  feature_flag_propagation_seconds: {
    type: 'histogram',
    help: 'Time from the publication of a document, as the store states it, to its adoption here.',
    labels: [],
    buckets: [0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 15, 30, 60, 120, 300, 900],
  },
  feature_flag_publication_age_seconds: {
    type: 'gauge',
    help: 'Age of the served document since its publication, when the store knows it.',
    labels: [],
  },
  feature_flag_subscriber_up: {
    type: 'gauge',
    help: 'Whether the change feed is subscribed: 0 no, 1 yes.',
    labels: [],
    together: 'min',
  },
  feature_flag_notices_total: {
    type: 'counter',
    help: 'Notices from the change feed, by what became of them: refresh, known, or foreign.',
    labels: ['outcome'],
    values: ['refresh', 'known', 'foreign'],
  },
  feature_flag_ignored_revisions_total: {
    type: 'counter',
    help: 'Answers from a source that were older than the served document and were ignored.',
    labels: [],
  },
  feature_flag_lost_writes_total: {
    type: 'counter',
    help: 'Times that a served publication turned out to be lost by its store, noticed with the one that replaced it.',
    labels: [],
  },
  feature_flag_rejected_documents_total: {
    type: 'counter',
    help: 'Documents that arrived whole and were refused.',
    labels: [],
  },
  feature_flag_document_rejected: {
    type: 'gauge',
    help: 'Whether a store holds a document that is refused, so that the last good one is served: 0 no, 1 yes.',
    labels: [],
  },
  feature_flag_set_aside_flags: {
    type: 'gauge',
    help: 'Flags in the served document that this version cannot read; their fallback is served.',
    labels: [],
  },
  feature_flag_document_bytes: {
    type: 'gauge',
    help: 'Size of the served document in bytes of UTF-8.',
    labels: [],
  },
  feature_flag_cache_size: {
    type: 'gauge',
    help: 'Compiled flags held in memory.',
    labels: [],
    together: 'sum',
  },
  feature_flag_isolated_errors_total: {
    type: 'counter',
    help: 'Errors thrown by code that was handed to the client, by where: listener, hook, logger, sink, tracer, cache.',
    labels: ['where'],
    values: ['listener', 'hook', 'logger', 'sink', 'tracer', 'cache'],
  },
  feature_flag_stream_clients: {
    type: 'gauge',
    help: 'Callers that follow the state of the flags over the event stream.',
    labels: [],
    together: 'sum',
  },
  feature_flag_stream_clients_dropped_total: {
    type: 'counter',
    help: 'Callers of the event stream that were dropped because they did not read it.',
    labels: [],
  },
} as const satisfies Record<string, MetricDefinition>;

type Catalog = typeof METRIC_CATALOG;
type NamesOfType<Type extends MetricDefinition['type']> = {
  [Name in keyof Catalog]: Catalog[Name]['type'] extends Type ? Name : never;
}[keyof Catalog];

export type MetricName = keyof Catalog;
export type CounterName = NamesOfType<'counter'>;
export type GaugeName = NamesOfType<'gauge'>;
export type HistogramName = NamesOfType<'histogram'>;
