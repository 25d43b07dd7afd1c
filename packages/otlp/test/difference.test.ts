import { METRIC_CATALOG, type MetricFamily, type MetricName, metricTable } from '@clarity/flags-core/metrics';
import { describe, expect, it } from 'vitest';
import { baselineOf, copyOf, since, withGone } from '../src/difference.ts';

const DURATION = 'feature_flag_refresh_duration_seconds';
const SUCCESS = 'feature_flag_refresh_success_total';
const FAILURE = 'feature_flag_refresh_failure_total';

/** The series of one metric as values by their labels. */
function seriesOf(families: readonly MetricFamily[], name: MetricName): Readonly<Record<string, number>> {
  const family = families.find((one) => one.name === name);
  return Object.fromEntries([...(family?.series ?? [])].map(({ labels, value }) => [labels.join(','), value]));
}

describe('what was added since an export', () => {
  it('is the growth of each series, and nothing where none grew', () => {
    const table = metricTable();
    table.count(SUCCESS, {}, 2);
    table.count(FAILURE, { error_type: 'timeout' });
    table.count(FAILURE, { error_type: 'conflict' });
    table.observe(DURATION, 0.2);
    const before = baselineOf(copyOf(table.families()));
    const none = since(copyOf(table.families()), before);
    for (const name of [SUCCESS, FAILURE, DURATION] as const) expect(seriesOf(none, name)).toEqual({});

    table.count(SUCCESS, {}, 3);
    table.count(FAILURE, { error_type: 'timeout' });
    table.observe(DURATION, 0);
    const some = since(copyOf(table.families()), before);
    expect(seriesOf(some, SUCCESS)).toEqual({ '': 3 });
    expect(seriesOf(some, FAILURE)).toEqual({ timeout: 1 });
    // An observation of 0 adds nothing to the sum, and one to its bucket.
    expect(seriesOf(some, DURATION)).toEqual({ '': 0 });
    const [histogram] = [...some.find(({ name }) => name === DURATION)!.series];
    expect(histogram?.buckets.reduce((sum, one) => sum + one, 0)).toBe(1);
    expect(histogram?.buckets.every((one) => one >= 0)).toBe(true);
  });

  it('is all of a gauge, whose value is what it is', () => {
    const table = metricTable();
    table.gauge('feature_flag_subscriber_up', 1);
    const families = copyOf(table.families());
    expect(baselineOf(families).size).toBe(0);
    expect(seriesOf(since(families, baselineOf(families)), 'feature_flag_subscriber_up')).toEqual({ '': 1 });
  });

  it('is not moved by what is counted after the copy', () => {
    const table = metricTable();
    table.count(SUCCESS);
    table.observe(DURATION, 0.2);
    const copy = copyOf(table.families());
    table.count(SUCCESS);
    table.observe(DURATION, 0.2);
    expect(seriesOf(copy, SUCCESS)).toEqual({ '': 1 });
    const [histogram] = [...copy.find(({ name }) => name === DURATION)!.series];
    expect(histogram?.buckets.reduce((sum, one) => sum + one, 0)).toBe(1);
  });
});

describe('a gauge that is no more', () => {
  const name = 'feature_flag_subscriber_up';
  const family = (labels: readonly string[]): MetricFamily => ({
    name,
    definition: METRIC_CATALOG[name],
    series: labels.map((label) => ({ labels: [label], client: '', value: 1, buckets: [] })),
  });

  it('is told as NaN once, beside those that are there', () => {
    expect(seriesOf(withGone([family(['a'])], [family(['a', 'b'])]), name)).toEqual({ a: 1, b: Number.NaN });
    expect(seriesOf(withGone([], [family(['a'])]), name)).toEqual({ a: Number.NaN });
    expect(withGone([family(['a'])], [family(['a'])])).toEqual([family(['a'])]);
  });

  it('is no counter, which goes on from where it was', () => {
    const counter: MetricFamily = { ...family(['a']), name: SUCCESS, definition: METRIC_CATALOG[SUCCESS] };
    expect(withGone([], [counter])).toEqual([]);
  });
});
