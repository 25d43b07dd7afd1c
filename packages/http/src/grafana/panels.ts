/** What the dashboard shows, as a table. Layout and Grafana's own shape are in dashboard.ts. */
import { METRIC_CATALOG, type HistogramName, type MetricName } from '@clarity/flags-core/metrics';
import type { Query, Section } from './panel.ts';

/** Narrowed by the variables of the dashboard. `.*` finds clients without a name, too. */
const CHOSEN = 'job=~"$job",instance=~"$instance",client=~"$client"';
const WHERE = `{${CHOSEN}}`;
const FROM_PRIMARY = `{${CHOSEN},origin="primary"}`;

function metric(name: MetricName, where = WHERE): string {
  return name + where;
}

function rate(name: MetricName): string {
  return `rate(${metric(name)}[$__rate_interval])`;
}

function quantiles(name: HistogramName): readonly Query[] {
  return [0.5, 0.9, 0.99].map((q) => ({
    expr: `histogram_quantile(${q}, sum by (le) (rate(${name}_bucket${WHERE}[$__rate_interval])))`,
    legend: `p${q * 100}`,
  }));
}

/** The catalog's own words, so that nobody describes a metric twice. */
function help(name: MetricName): string {
  return METRIC_CATALOG[name].help;
}

const FRESH = { '0': { text: 'fresh', color: 'green' }, '1': { text: 'stale', color: 'red' } };
const BREAKER = {
  '0': { text: 'closed', color: 'green' },
  '1': { text: 'open', color: 'red' },
  '2': { text: 'half-open', color: 'orange' },
};
const SUBSCRIBED = { '0': { text: 'down', color: 'red' }, '1': { text: 'up', color: 'green' } };
const REFUSED = { '0': { text: 'none', color: 'green' }, '1': { text: 'refused', color: 'red' } };

export const SECTIONS: readonly Section[] = [
  {
    title: 'Can the flags be trusted?',
    panels: [
      {
        kind: 'stat',
        title: 'Freshness',
        description: `The worst instance. ${help('feature_flag_stale_config')}`,
        unit: 'short',
        words: FRESH,
        queries: [{ expr: `max(${metric('feature_flag_stale_config')})`, legend: 'worst' }],
      },
      {
        kind: 'stat',
        title: 'Time since last refresh',
        description: `The oldest instance. ${help('feature_flag_last_refresh_timestamp')}`,
        unit: 's',
        queries: [{ expr: `time() - min(${metric('feature_flag_last_refresh_timestamp')})`, legend: 'oldest' }],
      },
      {
        kind: 'stat',
        title: 'Circuit breaker',
        description: `Closed only where all are. ${help('feature_flag_circuit_breaker_state')}`,
        unit: 'short',
        words: BREAKER,
        queries: [{ expr: `max(${metric('feature_flag_circuit_breaker_state')})`, legend: 'worst' }],
      },
      {
        kind: 'stat',
        title: 'Revisions in service',
        description: `More than one for long: instances disagree. ${help('feature_flag_revision_info')}`,
        unit: 'short',
        redFrom: 2,
        queries: [
          { expr: `count(count by (revision) (${metric('feature_flag_revision_info')}))`, legend: 'revisions' },
        ],
      },
      {
        kind: 'stat',
        title: 'Instances without the primary',
        description:
          'Instances whose document comes from a fallback store, the cache or the bootstrap. Those of a fallback count as fresh: they are verified.',
        unit: 'short',
        redFrom: 1,
        queries: [
          {
            // Empty, and not 0, where nobody reports.
            expr: `count(${metric('feature_flag_revision_info')}) - (count(${metric('feature_flag_revision_info', FROM_PRIMARY)}) or vector(0))`,
            legend: 'instances',
          },
        ],
      },
      {
        kind: 'stat',
        title: 'Stored document',
        description: help('feature_flag_document_rejected'),
        unit: 'short',
        words: REFUSED,
        queries: [{ expr: `max(${metric('feature_flag_document_rejected')})`, legend: 'worst' }],
      },
      {
        kind: 'stat',
        title: 'Subscriber',
        description: `Empty without a feed. ${help('feature_flag_subscriber_up')}`,
        unit: 'short',
        words: SUBSCRIBED,
        queries: [{ expr: `min(${metric('feature_flag_subscriber_up')})`, legend: 'worst' }],
      },
    ],
  },
  {
    title: 'Refresh',
    panels: [
      {
        kind: 'timeseries',
        title: 'Refreshes that succeeded',
        description: help('feature_flag_refresh_success_total'),
        unit: 'reqps',
        queries: [{ expr: `sum(${rate('feature_flag_refresh_success_total')})`, legend: 'succeeded' }],
      },
      {
        kind: 'timeseries',
        title: 'Refreshes that failed, by cause',
        description: help('feature_flag_refresh_failure_total'),
        unit: 'reqps',
        stacked: true,
        queries: [
          { expr: `sum by (error_type) (${rate('feature_flag_refresh_failure_total')})`, legend: '{{error_type}}' },
        ],
      },
      {
        kind: 'timeseries',
        title: 'Refresh duration',
        description: help('feature_flag_refresh_duration_seconds'),
        unit: 's',
        queries: quantiles('feature_flag_refresh_duration_seconds'),
      },
      {
        kind: 'timeseries',
        title: 'Time since last refresh, by instance',
        description: help('feature_flag_last_refresh_timestamp'),
        unit: 's',
        queries: [
          { expr: `time() - ${metric('feature_flag_last_refresh_timestamp')}`, legend: '{{instance}} {{client}}' },
        ],
      },
      {
        kind: 'timeseries',
        title: 'Stale, by instance',
        description: help('feature_flag_stale_config'),
        unit: 'bool_yes_no',
        queries: [{ expr: metric('feature_flag_stale_config'), legend: '{{instance}} {{client}}' }],
      },
      {
        kind: 'timeseries',
        title: 'Circuit breaker, by instance',
        description: help('feature_flag_circuit_breaker_state'),
        unit: 'short',
        words: BREAKER,
        queries: [{ expr: metric('feature_flag_circuit_breaker_state'), legend: '{{instance}} {{client}}' }],
      },
      {
        kind: 'timeseries',
        title: 'Transitions of the circuit breaker',
        description: help('feature_flag_circuit_breaker_transitions_total'),
        unit: 'short',
        queries: [
          {
            expr: `sum by (to) (increase(${metric('feature_flag_circuit_breaker_transitions_total')}[$__rate_interval]))`,
            legend: '{{to}}',
          },
        ],
      },
    ],
  },
  {
    title: 'How changes travel',
    panels: [
      {
        kind: 'timeseries',
        title: 'Propagation',
        description: help('feature_flag_propagation_seconds'),
        unit: 's',
        queries: quantiles('feature_flag_propagation_seconds'),
      },
      {
        kind: 'timeseries',
        title: 'Instances by revision',
        description: help('feature_flag_revision_info'),
        unit: 'short',
        stacked: true,
        queries: [{ expr: `count by (revision) (${metric('feature_flag_revision_info')})`, legend: '{{revision}}' }],
      },
      {
        kind: 'timeseries',
        title: 'Instances by origin',
        description: `Where the served document comes from: the primary store, a fallback, the cache, or the bootstrap. ${help('feature_flag_revision_info')}`,
        unit: 'short',
        stacked: true,
        queries: [{ expr: `count by (origin) (${metric('feature_flag_revision_info')})`, legend: '{{origin}}' }],
      },
      {
        kind: 'timeseries',
        title: 'Age of the served document',
        description: help('feature_flag_publication_age_seconds'),
        unit: 's',
        queries: [{ expr: metric('feature_flag_publication_age_seconds'), legend: '{{instance}} {{client}}' }],
      },
      {
        kind: 'timeseries',
        title: 'Subscriber, by instance',
        description: help('feature_flag_subscriber_up'),
        unit: 'short',
        words: SUBSCRIBED,
        queries: [{ expr: metric('feature_flag_subscriber_up'), legend: '{{instance}} {{client}}' }],
      },
      {
        kind: 'timeseries',
        title: 'Notices, by outcome',
        description: help('feature_flag_notices_total'),
        unit: 'reqps',
        queries: [{ expr: `sum by (outcome) (${rate('feature_flag_notices_total')})`, legend: '{{outcome}}' }],
      },
      {
        kind: 'timeseries',
        title: 'Documents refused, revisions that were older, and writes that were lost',
        description: `${help('feature_flag_rejected_documents_total')} ${help('feature_flag_ignored_revisions_total')} ${help('feature_flag_lost_writes_total')}`,
        unit: 'short',
        queries: [
          {
            expr: `sum(increase(${metric('feature_flag_rejected_documents_total')}[$__rate_interval]))`,
            legend: 'refused',
          },
          {
            expr: `sum(increase(${metric('feature_flag_ignored_revisions_total')}[$__rate_interval]))`,
            legend: 'older',
          },
          {
            expr: `sum(increase(${metric('feature_flag_lost_writes_total')}[$__rate_interval]))`,
            legend: 'lost',
          },
        ],
      },
    ],
  },
  {
    title: 'Evaluations and cost',
    panels: [
      {
        kind: 'timeseries',
        title: 'Evaluations by flag',
        description: help('feature_flag_evaluations_total'),
        unit: 'reqps',
        queries: [{ expr: `topk(20, sum by (flag) (${rate('feature_flag_evaluations_total')}))`, legend: '{{flag}}' }],
      },
      {
        kind: 'timeseries',
        title: 'Evaluations by flag and variant',
        description: help('feature_flag_evaluations_total'),
        unit: 'reqps',
        queries: [
          {
            expr: `topk(20, sum by (flag, variant) (${rate('feature_flag_evaluations_total')}))`,
            legend: '{{flag}} = {{variant}}',
          },
        ],
      },
      {
        kind: 'timeseries',
        title: 'Flags set aside',
        description: help('feature_flag_set_aside_flags'),
        unit: 'short',
        queries: [{ expr: metric('feature_flag_set_aside_flags'), legend: '{{instance}} {{client}}' }],
      },
      {
        kind: 'timeseries',
        title: 'Errors in code that was handed to the client',
        description: help('feature_flag_isolated_errors_total'),
        unit: 'reqps',
        queries: [{ expr: `sum by (where) (${rate('feature_flag_isolated_errors_total')})`, legend: '{{where}}' }],
      },
      {
        kind: 'timeseries',
        title: 'Size of the document',
        description: help('feature_flag_document_bytes'),
        unit: 'bytes',
        queries: [{ expr: metric('feature_flag_document_bytes'), legend: '{{instance}} {{client}}' }],
      },
      {
        kind: 'timeseries',
        title: 'Compiled flags and stream clients',
        description: `${help('feature_flag_cache_size')} ${help('feature_flag_stream_clients')} ${help('feature_flag_stream_clients_dropped_total')}`,
        unit: 'short',
        queries: [
          { expr: `sum(${metric('feature_flag_cache_size')})`, legend: 'compiled flags' },
          { expr: `sum(${metric('feature_flag_stream_clients')})`, legend: 'stream clients' },
          {
            expr: `sum(increase(${metric('feature_flag_stream_clients_dropped_total')}[$__rate_interval]))`,
            legend: 'dropped',
          },
        ],
      },
    ],
  },
];
