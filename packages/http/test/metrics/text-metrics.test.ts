import type { CounterName, GaugeName, HistogramName } from '@clarity/flags-core/metrics';
import { describe, expect, it } from 'vitest';
import { type TextMetrics, textMetrics } from '../../src/index.ts';

function linesOf(text: string, name: string): readonly string[] {
  return text.split('\n').filter((line) => line.startsWith(name));
}

describe('the text', () => {
  it('counts observations in every bucket that they fit into, the bound itself included', () => {
    const metrics = textMetrics();
    for (const seconds of [0.001, 0.0011, 0.3, 11]) metrics.observe('feature_flag_refresh_duration_seconds', seconds);
    const lines = linesOf(metrics.exposition(), 'feature_flag_refresh_duration_seconds');
    expect(lines).toContain('feature_flag_refresh_duration_seconds_bucket{le="0.001"} 1');
    expect(lines).toContain('feature_flag_refresh_duration_seconds_bucket{le="0.0025"} 2');
    expect(lines).toContain('feature_flag_refresh_duration_seconds_bucket{le="0.5"} 3');
    expect(lines).toContain('feature_flag_refresh_duration_seconds_bucket{le="10"} 3');
    expect(lines).toContain('feature_flag_refresh_duration_seconds_bucket{le="+Inf"} 4');
    expect(lines).toContain('feature_flag_refresh_duration_seconds_count 4');
  });

  it('has counters and histograms without labels from the moment a client counts, so that the first increase is seen', () => {
    const metrics = textMetrics();
    // Nobody counts: 0 would be a claim.
    expect(metrics.exposition()).toBe('');
    metrics.sampled?.(() => {});
    const text = metrics.exposition();
    expect(text).toContain('\nfeature_flag_refresh_success_total 0\n');
    expect(text).toContain('\nfeature_flag_refresh_duration_seconds_count 0\n');
    expect(text).not.toContain('feature_flag_stale_config');
    expect(text).not.toContain('feature_flag_evaluations_total');
  });

  it('escapes what would break a line or a label', () => {
    const metrics = textMetrics();
    metrics.count('feature_flag_evaluations_total', { flag: 'a"b\\c\nd', variant: 'on', reason: 'STATIC' });
    expect(linesOf(metrics.exposition(), 'feature_flag_evaluations_total')).toEqual([
      String.raw`feature_flag_evaluations_total{flag="a\"b\\c\nd",variant="on",reason="STATIC"} 1`,
    ]);
  });

  it('writes what is not a number as Prometheus does', () => {
    const metrics = textMetrics();
    metrics.gauge('feature_flag_cache_size', Number.POSITIVE_INFINITY);
    expect(metrics.exposition()).toContain('\nfeature_flag_cache_size +Inf\n');
    metrics.gauge('feature_flag_cache_size', Number.NEGATIVE_INFINITY);
    expect(metrics.exposition()).toContain('\nfeature_flag_cache_size -Inf\n');
  });
});

describe('OpenMetrics', () => {
  it('names counter families without their suffix, writes bounds as floats, and says where it ends', () => {
    const metrics = textMetrics();
    metrics.sampled?.(() => {});
    const text = metrics.exposition('openmetrics');
    expect(text).toContain('# TYPE feature_flag_refresh_success counter\n');
    expect(text).toContain('\nfeature_flag_refresh_success_total 0\n');
    expect(text).toContain('_bucket{le="1.0"} 0\n');
    expect(text.endsWith('\n# EOF\n')).toBe(true);
    expect(text.indexOf('# EOF')).toBe(text.lastIndexOf('# EOF'));
  });
});

describe('gauges', () => {
  it('of which only the last labels are true keep no others', () => {
    const metrics = textMetrics();
    metrics.gauge('feature_flag_revision_info', 1, { revision: '1.1', origin: 'primary' });
    metrics.gauge('feature_flag_revision_info', 1, { revision: '1.2', origin: 'primary' });
    expect(linesOf(metrics.exposition(), 'feature_flag_revision_info')).toEqual([
      'feature_flag_revision_info{revision="1.2",origin="primary"} 1',
    ]);
  });

  it('are gone once they are set to NaN, until they are set again', () => {
    const metrics = textMetrics();
    metrics.gauge('feature_flag_publication_age_seconds', 5);
    metrics.gauge('feature_flag_publication_age_seconds', Number.NaN);
    expect(metrics.exposition()).not.toContain('feature_flag_publication_age_seconds');
    metrics.gauge('feature_flag_publication_age_seconds', 7);
    expect(metrics.exposition()).toContain('\nfeature_flag_publication_age_seconds 7\n');
  });
});

it('lets its client set what ages by itself before each reading', () => {
  const metrics = textMetrics();
  let age = 0;
  metrics.sampled?.(() => metrics.gauge('feature_flag_publication_age_seconds', ++age));
  expect(metrics.exposition()).toContain('\nfeature_flag_publication_age_seconds 1\n');
  expect(metrics.exposition('openmetrics')).toContain('\nfeature_flag_publication_age_seconds 2\n');
});

describe('several clients with one sink', () => {
  function sampled(...clients: readonly ((metrics: TextMetrics) => void)[]): TextMetrics {
    const metrics = textMetrics();
    for (const client of clients) metrics.sampled?.(() => client(metrics));
    return metrics;
  }

  it.each([
    ['feature_flag_stale_config', [1, 0], 1],
    ['feature_flag_stale_config', [0, 1, 0], 1],
    ['feature_flag_circuit_breaker_state', [1, 0], 1],
    ['feature_flag_last_refresh_timestamp', [1_000, 2_000], 1_000],
    ['feature_flag_subscriber_up', [0, 1], 0],
    ['feature_flag_subscriber_up', [1, Number.NaN], 1],
    ['feature_flag_subscriber_up', [Number.NaN, 1], 1],
    ['feature_flag_cache_size', [3, 4], 7],
  ] as const)('show in %s of %j the worst, or the sum: %d', (name, values, expected) => {
    const metrics = sampled(...values.map((value) => (sink: TextMetrics) => sink.gauge(name, value)));
    for (let reading = 0; reading < 2; reading += 1) {
      expect(linesOf(metrics.exposition(), name)).toEqual([`${name} ${expected}`]);
    }
    // What is told between two readings is told by one client, and stands until the next one.
    metrics.gauge(name, 2);
    expect(linesOf(metrics.exposition(), name)).toEqual([`${name} ${expected}`]);
  });

  it('show the revision of each, and no older one', () => {
    const revisions = ['1.1', '9.1'];
    const metrics = sampled(
      ...revisions.map((_, at) => (sink: TextMetrics) => {
        sink.gauge('feature_flag_revision_info', 1, { revision: revisions[at] ?? '', origin: 'primary' });
      }),
    );
    expect(linesOf(metrics.exposition(), 'feature_flag_revision_info')).toHaveLength(2);
    revisions[0] = '1.2';
    expect(linesOf(metrics.exposition(), 'feature_flag_revision_info')).toEqual([
      'feature_flag_revision_info{revision="1.2",origin="primary"} 1',
      'feature_flag_revision_info{revision="9.1",origin="primary"} 1',
    ]);
  });
});

describe('bounds', () => {
  it('counts series beyond the limit as one, so that the total stays true', () => {
    const metrics = textMetrics({ maxSeries: 3 });
    for (let n = 0; n < 100; n += 1) {
      metrics.count('feature_flag_evaluations_total', { flag: `flag_${n}`, variant: 'on', reason: 'STATIC' });
    }
    const lines = linesOf(metrics.exposition(), 'feature_flag_evaluations_total');
    expect(lines).toHaveLength(4);
    expect(lines).toContain(
      'feature_flag_evaluations_total{flag="__other__",variant="__other__",reason="__other__"} 97',
    );
  });

  it('takes a label value that is longer than any name for another one', () => {
    const metrics = textMetrics();
    metrics.count('feature_flag_evaluations_total', { flag: 'x'.repeat(257), variant: 'on', reason: 'STATIC' });
    expect(metrics.exposition()).toContain('{flag="__other__",variant="on",reason="STATIC"} 1');
  });

  it('F22 takes names of the language’s own objects for names like others', () => {
    const metrics = textMetrics();
    metrics.count('feature_flag_evaluations_total', { flag: '__proto__', variant: 'constructor', reason: 'STATIC' });
    metrics.count('feature_flag_evaluations_total', Object.create({ flag: 'inherited' }) as Record<string, string>);
    const lines = linesOf(metrics.exposition(), 'feature_flag_evaluations_total');
    expect(lines).toEqual([
      'feature_flag_evaluations_total{flag="__proto__",variant="constructor",reason="STATIC"} 1',
      'feature_flag_evaluations_total{flag="",variant="",reason=""} 1',
    ]);
  });

  it.each([0, -1, 1.5, Number.NaN, 1_000_001])('refuses maxSeries %d and says what is allowed', (maxSeries) => {
    expect(() => textMetrics({ maxSeries })).toThrow(/^maxSeries is .*; allowed is a whole number from 1 to 1000000$/);
  });
});

describe('misuse', () => {
  it.each([
    [
      'a metric that is not in the catalog',
      () => textMetrics().count('nothing' as CounterName),
      /"nothing" is no counter/,
    ],
    ['an inherited name', () => textMetrics().gauge('constructor' as GaugeName, 1), /"constructor" is no gauge/],
    [
      'another type',
      () => textMetrics().observe('feature_flag_stale_config' as HistogramName, 1),
      /"feature_flag_stale_config" is no histogram/,
    ],
    [
      'a counter going down',
      () => textMetrics().count('feature_flag_refresh_success_total', {}, -1),
      /is -1; allowed is a finite number from 0/,
    ],
    [
      'a counter without a number',
      () => textMetrics().count('feature_flag_refresh_success_total', {}, Number.NaN),
      /NaN/,
    ],
    [
      'an endless observation',
      () => textMetrics().observe('feature_flag_propagation_seconds', Number.POSITIVE_INFINITY),
      /Infinity/,
    ],
  ])('is refused: %s', (_what, misuse, message) => {
    expect(misuse).toThrow(message);
  });
});
