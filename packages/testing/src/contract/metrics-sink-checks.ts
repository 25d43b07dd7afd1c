import {
  type CounterName,
  type GaugeName,
  type HistogramName,
  METRIC_CATALOG,
  type MetricDefinition,
  type MetricName,
} from '@clarity/flags-core/metrics';
import type { ContractCheck } from './check.ts';
import { Checklist } from './checklist.ts';
import { expectSame, expectThat } from './expectations.ts';
import type { MetricsSinkHarness } from './harness.ts';

const COUNTER = 'feature_flag_evaluations_total';
const GAUGE = 'feature_flag_document_bytes';
const HISTOGRAM = 'feature_flag_refresh_duration_seconds';

/** Label values that end up in text formats: all of them must come out as they went in. */
const AWKWARD = [
  '',
  'a "quoted" one',
  'back\\slash',
  'two\nlines',
  'käse-🧀',
  '__proto__',
  'constructor',
  '{}',
  'a,b=c',
  ' # ',
];

/** What `MetricsSink` promises. */
export function metricsSinkChecks(harness: MetricsSinkHarness): readonly ContractCheck[] {
  const list = new Checklist(harness, async () => undefined);

  list.add('takes every metric of the catalog', async (opened) => {
    const { sink, value, observations } = opened;
    for (const [name, definition] of Object.entries(METRIC_CATALOG) as [MetricName, MetricDefinition][]) {
      const labels = labelsOf(definition, 'x');
      switch (definition.type) {
        case 'counter':
          sink.count(name as CounterName, labels);
          expectSame(await value(name as CounterName, labels), 1, name);
          break;
        case 'gauge':
          sink.gauge(name as GaugeName, 1, labels);
          expectSame(await value(name as GaugeName, labels), 1, name);
          break;
        case 'histogram':
          sink.observe(name as HistogramName, 1, labels);
          expectSame(await observations(name as HistogramName, labels), { count: 1, sum: 1 }, name);
          break;
      }
    }
  });

  list.add('a counter adds one, or the value it is given', async ({ sink, value }) => {
    const labels = evaluation('a');
    sink.count(COUNTER, labels);
    sink.count(COUNTER, labels);
    sink.count(COUNTER, labels, 40);
    sink.count(COUNTER, labels, 0);
    expectSame(await value(COUNTER, labels), 42, 'the counter');
  });

  list.add('a counter without labels counts', async ({ sink, value }) => {
    sink.count('feature_flag_refresh_success_total');
    sink.count('feature_flag_refresh_success_total', {}, 2);
    expectSame(await value('feature_flag_refresh_success_total', {}), 3, 'the counter');
  });

  list.add('a counter never goes down', async ({ sink, value }) => {
    const labels = evaluation('a');
    sink.count(COUNTER, labels, 5);
    try {
      sink.count(COUNTER, labels, -3);
    } catch {
      // Refusing it aloud is as good as ignoring it.
    }
    const found = await value(COUNTER, labels);
    expectThat(found !== undefined && found >= 5, `the counter went down to ${found}`);
  });

  list.add('a gauge holds the last value, of any size and sign', async ({ sink, value }) => {
    for (const last of [1, 0, -2.5, 1_763_812_800.125, 2 ** 53]) {
      sink.gauge(GAUGE, last);
      expectSame(await value(GAUGE, {}), last, 'the gauge');
    }
  });

  list.add(
    'a histogram counts and sums what it observes, also beyond its last bucket',
    async ({ sink, observations }) => {
      for (const seconds of [0.25, 0.5, 1_000, 0]) sink.observe(HISTOGRAM, seconds);
      expectSame(await observations(HISTOGRAM, {}), { count: 4, sum: 1_000.75 }, 'the histogram');
    },
  );

  list.add('series with different labels are apart, in any order of the labels', async ({ sink, value }) => {
    sink.count(COUNTER, { flag: 'a', variant: 'on', reason: 'STATIC' });
    sink.count(COUNTER, { reason: 'STATIC', variant: 'on', flag: 'a' });
    sink.count(COUNTER, { flag: 'a', variant: 'off', reason: 'STATIC' });
    sink.count(COUNTER, { flag: 'on', variant: 'a', reason: 'STATIC' });
    expectSame(await value(COUNTER, { variant: 'on', flag: 'a', reason: 'STATIC' }), 2, 'the series a, on');
    expectSame(await value(COUNTER, { flag: 'a', variant: 'off', reason: 'STATIC' }), 1, 'the series a, off');
    expectSame(await value(COUNTER, { flag: 'on', variant: 'a', reason: 'STATIC' }), 1, 'the series on, a');
  });

  list.add('label values come out as they went in', async ({ sink, value }) => {
    for (const [n, flag] of AWKWARD.entries()) sink.count(COUNTER, evaluation(flag), n + 1);
    for (const [n, flag] of AWKWARD.entries()) {
      expectSame(await value(COUNTER, evaluation(flag)), n + 1, `the series of ${JSON.stringify(flag)}`);
    }
  });

  list.add('the labels object is not kept: it may be used again', async ({ sink, value }) => {
    const labels = { flag: 'a', variant: 'on', reason: 'STATIC' };
    sink.count(COUNTER, labels);
    labels.flag = 'b';
    sink.count(COUNTER, labels, 2);
    expectSame(await value(COUNTER, evaluation('a')), 1, 'the series a');
    expectSame(await value(COUNTER, evaluation('b')), 2, 'the series b');
  });

  list.add('a series that nothing was said about does not count as anything', async ({ sink, value }) => {
    sink.count(COUNTER, evaluation('a'));
    const found = await value(COUNTER, evaluation('never'));
    expectThat(found === undefined || found === 0, `a series that was never counted is at ${found}`);
  });

  list.add('ten thousand calls over five hundred series add up', async ({ sink, value }) => {
    for (let n = 0; n < 10_000; n += 1) sink.count(COUNTER, evaluation(`flag_${n % 500}`));
    for (const n of [0, 250, 499])
      expectSame(await value(COUNTER, evaluation(`flag_${n}`)), 20, `the series of flag_${n}`);
  });

  return list.checks;
}

function evaluation(flag: string): { readonly flag: string; readonly variant: string; readonly reason: string } {
  return { flag, variant: 'on', reason: 'STATIC' };
}

function labelsOf(definition: MetricDefinition, value: string): Readonly<Record<string, string>> {
  return Object.fromEntries(definition.labels.map((label) => [label, value]));
}
