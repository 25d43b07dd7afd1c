import { describe, expect, it } from 'vitest';
import { parseExposition } from '../../src/metrics/parse-exposition.ts';

describe('reading an exposition', () => {
  it('takes our metrics out of a registry that holds others', () => {
    const samples = parseExposition(
      [
        '# HELP feature_flag_cache_size Compiled flags.',
        'feature_flag_cache_size 3',
        'http_requests_total{path="/feature_flag_cache_size"} 7',
        'feature_flag_of_somebody_else 1',
        'feature_flag_refresh_success_total{app="shop"} 12 1763812800000',
        'feature_flag_refresh_duration_seconds_bucket{app="shop",le="+Inf"} 2 # {trace_id="x"} 0.5',
        '',
      ].join('\n'),
    );
    expect(samples.map(({ name, labels, value }) => [name, Object.fromEntries(labels), value])).toEqual([
      ['feature_flag_cache_size', {}, 3],
      ['feature_flag_refresh_success_total', { app: 'shop' }, 12],
      ['feature_flag_refresh_duration_seconds_bucket', { app: 'shop', le: '+Inf' }, 2],
    ]);
  });

  it.each([
    'feature_flag_cache_size',
    'feature_flag_cache_size NaN',
    'feature_flag_cache_size x',
    'feature_flag_cache_size{ 1',
  ])('leaves out the line %j, which has no value to show', (line) => {
    expect(parseExposition(line)).toEqual([]);
  });

  it('takes time that grows with the text and no faster', () => {
    const hostile = `feature_flag_evaluations_total{${'a="\\\\'.repeat(50_000)}`;
    const startedMs = performance.now();
    parseExposition(hostile);
    expect(performance.now() - startedMs).toBeLessThan(1_000);
  });
});
