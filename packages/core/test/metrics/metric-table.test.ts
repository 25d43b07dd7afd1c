import { describe, expect, it } from 'vitest';
import type { MetricName } from '../../src/metrics/metric-catalog.ts';
import { metricTable, type MetricTable } from '../../src/metrics/metric-table.ts';
import { namedSink } from '../../src/metrics/named-sink.ts';

/** The series of one metric as values by their labels; undefined when it is absent. */
function read(table: MetricTable, name: MetricName): Readonly<Record<string, number>> | undefined {
  const family = [...table.families()].find((one) => one.name === name);
  return family && Object.fromEntries([...family.series].map(({ labels, value }) => [labels.join(','), value]));
}

function buckets(table: MetricTable, name: MetricName): readonly number[] {
  return [...[...table.families()].find((one) => one.name === name)!.series][0]!.buckets;
}

const SUCCESS = 'feature_flag_refresh_success_total';
const FAILURE = 'feature_flag_refresh_failure_total';
const DURATION = 'feature_flag_refresh_duration_seconds';

describe('a counter', () => {
  it('grows by one, or by what is said, for each set of labels', () => {
    const table = metricTable();
    expect(read(table, SUCCESS)).toBeUndefined();
    table.count(SUCCESS);
    table.count(SUCCESS, {}, 2.5);
    table.count(SUCCESS, {}, 0);
    table.count(FAILURE, { error_type: 'timeout' });
    expect(read(table, SUCCESS)).toEqual({ '': 3.5 });
    expect(read(table, FAILURE)).toEqual({ timeout: 1 });
  });

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY])('does not grow by %d', (value) => {
    expect(() => metricTable().count(SUCCESS, {}, value)).toThrow(/finite number from 0/);
  });

  it('keeps the total when there are more sets of labels than series', () => {
    const table = metricTable({ maxSeries: 2 });
    for (const flag of ['a', 'b', 'c', 'd', 'a'])
      table.count('feature_flag_evaluations_total', { flag, variant: 'on', reason: 'STATIC' });
    const counted = read(table, 'feature_flag_evaluations_total')!;
    expect(counted['a,on,STATIC']).toBe(2);
    expect(Object.keys(counted).some((labels) => labels.includes('__other__'))).toBe(true);
    expect(Object.values(counted).reduce((sum, one) => sum + one, 0)).toBe(5);
  });
});

describe('a gauge', () => {
  it('is what it was set to last, and gone when it is NaN', () => {
    const table = metricTable();
    table.gauge('feature_flag_subscriber_up', 1);
    table.gauge('feature_flag_subscriber_up', 0);
    expect(read(table, 'feature_flag_subscriber_up')).toEqual({ '': 0 });
    table.gauge('feature_flag_subscriber_up', Number.NaN);
    expect(read(table, 'feature_flag_subscriber_up')).toBeUndefined();
  });

  it.each([
    ['feature_flag_last_refresh_timestamp', 'the oldest', 10],
    ['feature_flag_subscriber_up', 'the one that is down', 10],
    ['feature_flag_cache_size', 'the sum', 30],
    ['feature_flag_stale_config', 'the worst', 20],
  ] as const)('%s of several clients is %s', (name, _what, expected) => {
    const table = metricTable();
    table.sampled(() => table.gauge(name, 20));
    table.sampled(() => table.gauge(name, Number.NaN));
    table.sampled(() => table.gauge(name, 10));
    expect(read(table, name)).toEqual({ '': expected });
    // Each reading begins anew.
    expect(read(table, name)).toEqual({ '': expected });
  });

  it('that does not apply to the first client is that of the others', () => {
    const table = metricTable();
    table.sampled(() => table.gauge('feature_flag_cache_size', Number.NaN));
    table.sampled(() => table.gauge('feature_flag_cache_size', 7));
    expect(read(table, 'feature_flag_cache_size')).toEqual({ '': 7 });
  });
});

describe('a histogram', () => {
  it('counts what was observed by its upper bounds, and sums it', () => {
    const table = metricTable();
    for (const seconds of [0.001, 0.0011, 10, 11]) table.observe(DURATION, seconds);
    expect(read(table, DURATION)?.['']).toBeCloseTo(21.0021);
    const counted = buckets(table, DURATION);
    expect([counted[0], counted[1], counted.at(-2), counted.at(-1)]).toEqual([1, 1, 1, 1]);
    expect(counted.reduce((sum, one) => sum + one, 0)).toBe(4);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('records no %d', (value) => {
    expect(() => metricTable().observe(DURATION, value)).toThrow(/finite number/);
  });

  it('begins at 0 with the first client, as counters of known labels do', () => {
    const table = metricTable();
    table.sampled(() => {});
    expect(read(table, DURATION)).toEqual({ '': 0 });
    expect(read(table, SUCCESS)).toEqual({ '': 0 });
    expect(read(table, 'feature_flag_subscriber_up')).toBeUndefined();
  });
});

it('a metric is not used as one of another type', () => {
  const table = metricTable();
  expect(() => table.count(DURATION as never)).toThrow(DURATION);
  expect(() => table.gauge(SUCCESS as never, 1)).toThrow(SUCCESS);
  expect(() => table.observe(SUCCESS as never, 1)).toThrow(SUCCESS);
});

it.each([0, 1.5, 1_000_001])('a table of %d series is refused', (maxSeries) => {
  expect(() => metricTable({ maxSeries })).toThrow(RangeError);
});

describe('clients with names', () => {
  const REVISION = 'feature_flag_revision_info';

  /** The series of one metric by client and labels. */
  function byClient(table: MetricTable, name: MetricName): readonly string[] {
    const family = [...table.families()].find((one) => one.name === name);
    return [...(family?.series ?? [])].map(({ client, labels, value }) => `${client}(${labels.join(',')}) ${value}`);
  }

  it('have series of their own, those that begin at 0 among them, beside a client without a name', () => {
    const table = metricTable();
    const [shop, staff] = [namedSink(table, 'shop'), namedSink(table, 'staff')];
    shop.sampled?.(() => shop.gauge('feature_flag_stale_config', 0));
    staff.sampled?.(() => staff.gauge('feature_flag_stale_config', 1));
    table.sampled(() => table.gauge('feature_flag_stale_config', 0));
    shop.count(FAILURE, { error_type: 'timeout' });
    staff.observe(DURATION, 0.2);
    expect(byClient(table, 'feature_flag_stale_config')).toEqual(['shop() 0', 'staff() 1', '() 0']);
    expect(byClient(table, SUCCESS)).toEqual(['shop() 0', 'staff() 0', '() 0']);
    expect(byClient(table, FAILURE)).toContain('shop(timeout) 1');
    expect(byClient(table, FAILURE)).toContain('staff(timeout) 0');
    expect(byClient(table, DURATION)).toEqual(['shop() 0', 'staff() 0.2', '() 0']);
  });

  it('replace and withdraw what was true of themselves and of no other', () => {
    const table = metricTable();
    const [shop, staff] = [namedSink(table, 'shop'), namedSink(table, 'staff')];
    shop.gauge(REVISION, 1, { revision: 'a', origin: 'primary' });
    staff.gauge(REVISION, 1, { revision: 'a', origin: 'primary' });
    shop.gauge(REVISION, 1, { revision: 'b', origin: 'primary' });
    expect(byClient(table, REVISION)).toEqual(['staff(a,primary) 1', 'shop(b,primary) 1']);
    shop.gauge('feature_flag_subscriber_up', 1);
    staff.gauge('feature_flag_subscriber_up', 1);
    shop.gauge('feature_flag_subscriber_up', Number.NaN);
    expect(byClient(table, 'feature_flag_subscriber_up')).toEqual(['staff() 1']);
  });
});
