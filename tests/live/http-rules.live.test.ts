// What is generated for Prometheus, judged by promtool: the exposition, the rules, and when each alert fires.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { METRIC_CATALOG, type MetricDefinition, type MetricName } from '@clarity/flags-core/metrics';
import {
  type AlertFacts,
  type AlertName,
  type AlertRule,
  alertRules,
  rulesYaml,
  textMetrics,
} from '@clarity/flags-http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { promtool } from './support/prometheus.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'clarity-rules-'));
});

afterEach(() => rm(folder, { recursive: true }));

const facts: AlertFacts = {
  bound: { healthy_seconds: 71, after_outage_seconds: 43, arithmetic: 'healthy: 60000 ms * (1 + 0.1) + 5000 ms' },
  feed: 'up',
};

describe('promtool', () => {
  it('finds nothing wrong with an exposition of every metric, awkward label values included', async () => {
    const metrics = textMetrics();
    for (const [name, definition] of Object.entries(METRIC_CATALOG) as [MetricName, MetricDefinition][]) {
      for (const value of ['x', 'a "quoted" one', 'back\\slash', 'two\nlines', 'käse-🧀', '{}', 'a,b=c # d']) {
        const labels = Object.fromEntries(definition.labels.map((label) => [label, value]));
        if (definition.type === 'counter') metrics.count(name as 'feature_flag_notices_total', labels);
        else if (definition.type === 'gauge') metrics.gauge(name as 'feature_flag_cache_size', 1.5, labels);
        else metrics.observe(name as 'feature_flag_propagation_seconds', 1.5, labels);
      }
    }
    expect(await promtool(['check', 'metrics'], metrics.exposition('text'))).toEqual({ code: 0, output: '' });
  });

  it.each([
    ['of a client with a bound and a feed', facts, {}],
    ['of a client without either', { feed: 'none', bound: { ...facts.bound, healthy_seconds: null } } as const, {}],
    [
      'with odd durations and an awkward selector',
      facts,
      { forMs: { FeatureFlagConfigStale: 1_500 }, selector: { job: 'a "b" \\ c' } },
    ],
  ])('accepts the rules %s', async (_what, given, options) => {
    const file = join(folder, 'rules.yml');
    const rules = alertRules(given, options);
    await writeFile(file, rulesYaml(rules));
    const { code, output } = await promtool(['check', 'rules', file]);
    expect(output).toContain(`SUCCESS: ${rules.length} rules found`);
    expect(code).toBe(0);
  });

  // Each alert with the series that bring it about, a minute a step, and the minutes before and after it fires.
  it.each([
    ['FeatureFlagConfigStale', { 'feature_flag_stale_config{job="shop"}': '0 1x20' }, { quiet: 5, firing: 6 }],
    [
      'FeatureFlagCircuitBreakerOpen',
      // A scrape in the middle of a probe sees it half-open.
      { 'feature_flag_circuit_breaker_state{job="shop"}': '0 1 2 1 2 1' },
      { quiet: 2, firing: 3 },
    ],
    ['FeatureFlagDocumentRejected', { 'feature_flag_document_rejected{job="shop"}': '0 1x5' }, { quiet: 1, firing: 2 }],
    // It counts from 0, and what happened is told for an hour.
    [
      'FeatureFlagStoreLostWrites',
      { 'feature_flag_lost_writes_total{job="shop"}': '0 0 1x90' },
      { quiet: 1, firing: 2 },
    ],
    ['FeatureFlagsSetAside', { 'feature_flag_set_aside_flags{job="shop"}': '0 3x5' }, { quiet: 1, firing: 2 }],
    ['FeatureFlagSubscriberDown', { 'feature_flag_subscriber_up{job="shop"}': '1 0x10' }, { quiet: 5, firing: 6 }],
    // Failed, and again after 1, 2, 4 and 8 verifications.
    [
      'FeatureFlagCacheFailing',
      { 'feature_flag_isolated_errors_total{job="shop",where="cache"}': '0 1 2 2 3 3 3 3 4 4 4 4 4 4 4 4 5 5 5 5 5' },
      { quiet: 11, firing: 12 },
    ],
    // Verified at the epoch, which is when promtool's time begins.
    [
      'FeatureFlagRefreshOverdue',
      { 'feature_flag_last_refresh_timestamp{job="shop"}': '0x10' },
      { quiet: 2, firing: 3 },
    ],
    // What is not there at the next scrape is stale.
    [
      'FeatureFlagRevisionSkew',
      {
        'feature_flag_revision_info{job="shop",instance="a",revision="1.1"}': '1 1 1 1 1 1',
        'feature_flag_revision_info{job="shop",instance="b",revision="1.1"}': '1 stale',
        'feature_flag_revision_info{job="shop",instance="b",revision="1.2"}': '_ 1 1 1 1 1',
        'feature_flag_revision_info{job="other",instance="c",revision="9.9"}': '1x10',
      },
      { quiet: 3, firing: 4 },
    ],
    // The fallback gets another document meanwhile.
    [
      'FeatureFlagServedByFallback',
      {
        'feature_flag_revision_info{job="shop",revision="2.9",origin="primary"}': '1 stale',
        'feature_flag_revision_info{job="shop",revision="1.1",origin="fallback"}': '_ 1 1 1 stale',
        'feature_flag_revision_info{job="shop",revision="1.2",origin="fallback"}': '_ _ _ _ 1 1 1 1',
        'feature_flag_revision_info{job="other",revision="9.9",origin="primary"}': '1x10',
      },
      { quiet: 5, firing: 6 },
    ],
    ['FeatureFlagNoInstanceReporting', { up: '1x20' }, { quiet: 4, firing: 5 }],
  ] as const)('sees %s fire when it should and not a minute earlier', async (name, series, { quiet, firing }) => {
    const { severity, summary, description, runbookUrl } = rule(name);
    const fired = {
      exp_labels: {
        ...(name !== 'FeatureFlagNoInstanceReporting' && { job: 'shop' }),
        ...(name === 'FeatureFlagCacheFailing' && { where: 'cache' }),
        severity,
      },
      exp_annotations: { summary, description, runbook_url: runbookUrl },
    };
    const judged = await judgedBy(name, '1m', series, [
      { eval_time: `${quiet}m`, exp_alerts: [] },
      { eval_time: `${firing}m`, exp_alerts: [fired] },
    ]);
    expect(judged).toMatchObject(SUCCESS);
  });

  it('sees no skew where each instance serves the same two documents, and sees one of them that differs', async () => {
    const serves = (instance: string, revision: string, values: string) => ({
      [`feature_flag_revision_info{job="shop",instance="${instance}",revision="${revision}"}`]: values,
    });
    const series = {
      ...serves('a', '1.1', '1x20'),
      ...serves('a', 'deadbeef0000', '1x20'),
      ...serves('b', '1.1', '1x9 stale'),
      ...serves('b', '1.2', '_x10 1x10'),
      ...serves('b', 'deadbeef0000', '1x20'),
    };
    const { severity, summary, description, runbookUrl } = rule('FeatureFlagRevisionSkew');
    const fired = {
      exp_labels: { job: 'shop', severity },
      exp_annotations: { summary, description, runbook_url: runbookUrl },
    };
    const judged = await judgedBy('FeatureFlagRevisionSkew', '1m', series, [
      { eval_time: '9m', exp_alerts: [] },
      { eval_time: '12m', exp_alerts: [] },
      { eval_time: '13m', exp_alerts: [fired] },
    ]);
    expect(judged).toMatchObject(SUCCESS);
  });

  it('sees the skew of one client where another of the same process agrees with itself', async () => {
    const revision = (client: string, instance: string, served: string): [string, string] => [
      `feature_flag_revision_info{job="shop",client="${client}",instance="${instance}",origin="primary",revision="${served}"}`,
      '1x20',
    ];
    const series = Object.fromEntries([
      revision('cart', 'a', '1.1'),
      revision('cart', 'b', '1.2'),
      revision('staff', 'a', 'deadbeef0000'),
      revision('staff', 'b', 'deadbeef0000'),
    ]);
    const { severity, summary, description, runbookUrl } = rule('FeatureFlagRevisionSkew');
    const fired = {
      exp_labels: { job: 'shop', client: 'cart', severity },
      exp_annotations: { summary, description, runbook_url: runbookUrl },
    };
    const judged = await judgedBy('FeatureFlagRevisionSkew', '1m', series, [{ eval_time: '13m', exp_alerts: [fired] }]);
    expect(judged).toMatchObject(SUCCESS);
  });

  it('tells of lost writes for an hour', async () => {
    const series = { 'feature_flag_lost_writes_total{job="shop"}': '0 0 1x90' };
    const { severity, summary, description, runbookUrl } = rule('FeatureFlagStoreLostWrites');
    const firing = [
      { exp_labels: { severity, job: 'shop' }, exp_annotations: { summary, description, runbook_url: runbookUrl } },
    ];
    const looks = [
      { eval_time: '60m', exp_alerts: firing },
      { eval_time: '62m', exp_alerts: [] },
    ];
    expect(await judgedBy('FeatureFlagStoreLostWrites', '1m', series, looks)).toMatchObject(SUCCESS);
  });

  it.each([
    ['a cache that failed once and was written then', 'where="cache"', '0 0 1x40'],
    ['a hook that fails again and again', 'where="hook"', '0+1x40'],
  ])('sees no alert for %s', async (_what, where, values) => {
    const looks = Array.from({ length: 40 }, (_, minute) => ({ eval_time: `${minute}m`, exp_alerts: [] }));
    const series = { [`feature_flag_isolated_errors_total{job="shop",${where}}`]: values };
    expect(await judgedBy('FeatureFlagCacheFailing', '1m', series, looks)).toMatchObject(SUCCESS);
  });

  it('sees no alert for a client that is well, though each look at it is nearly a minute after the scrape', async () => {
    // Scraped 10 s after each full minute, verified 60 s before that: in time. Looked at each full minute.
    const verified = Array.from({ length: 60 }, (_, at) => (at % 6 === 1 ? String(at * 10 - 60) : '_')).join(' ');
    const series = { 'feature_flag_last_refresh_timestamp{job="shop"}': verified };
    const looks = Array.from({ length: 9 }, (_, minute) => ({ eval_time: `${minute + 1}m`, exp_alerts: [] }));
    expect(await judgedBy('FeatureFlagRefreshOverdue', '10s', series, looks)).toMatchObject(SUCCESS);
  });

  it('does not ring for flags that are as old as a cache on the way keeps them, and does when refreshes end', async () => {
    // Verified at the epoch for all that the cache says, and asked each minute until the tenth.
    const series = {
      'feature_flag_last_refresh_timestamp{job="shop"}': '0x20',
      'feature_flag_refresh_success_total{job="shop"}': '0+1x10 10x10',
    };
    const { severity, summary, description, runbookUrl } = rule('FeatureFlagRefreshOverdue');
    const firing = [
      { exp_labels: { severity, job: 'shop' }, exp_annotations: { summary, description, runbook_url: runbookUrl } },
    ];
    const looks = Array.from({ length: 18 }, (_, minute) => ({
      eval_time: `${minute + 1}m`,
      exp_alerts: minute + 1 < 14 ? [] : firing,
    }));
    expect(await judgedBy('FeatureFlagRefreshOverdue', '1m', series, looks)).toMatchObject(SUCCESS);
  });
});

const SUCCESS = { code: 0, output: expect.stringContaining('SUCCESS') };

function rule(name: AlertName): AlertRule {
  const found = alertRules(facts).find((one) => one.name === name);
  if (found === undefined) throw new Error(`there is no rule ${name}`);
  return found;
}

interface Look {
  readonly eval_time: string;
  readonly exp_alerts: readonly object[];
}

/** What promtool says of one rule, asked each minute, with series that have a value each `interval`. */
async function judgedBy(
  name: AlertName,
  interval: string,
  series: Readonly<Record<string, string>>,
  looks: readonly Look[],
): Promise<object> {
  await writeFile(join(folder, 'rules.yml'), rulesYaml([rule(name)]));
  const test = {
    rule_files: ['rules.yml'],
    evaluation_interval: '1m',
    tests: [
      {
        interval,
        input_series: Object.entries(series).map(([one, values]) => ({ series: one, values })),
        alert_rule_test: looks.map((look) => ({ ...look, alertname: name })),
      },
    ],
  };
  const file = join(folder, 'test.yml');
  await writeFile(file, JSON.stringify(test));
  return promtool(['test', 'rules', file]);
}
