import { expectTypeOf, expect, it } from 'vitest';
import type { BreakerStateName, RefreshFailureReason } from '../../src/refresh/freshness.ts';
import type { Isolate } from '../../src/client/events/listeners.ts';
import { METRIC_CATALOG, type MetricDefinition } from '../../src/metrics/metric-catalog.ts';
import { metricTable } from '../../src/metrics/metric-table.ts';

type Values<Name extends keyof typeof METRIC_CATALOG> = (typeof METRIC_CATALOG)[Name] extends {
  readonly values: readonly (infer Value)[];
}
  ? Value
  : never;

it('gives every value that a label of a closed set can have', () => {
  // An older revision has a counter of its own, and a closed client counts nothing.
  expectTypeOf<Values<'feature_flag_refresh_failure_total'>>().toEqualTypeOf<
    Exclude<RefreshFailureReason, 'older_revision' | 'closed'>
  >();
  expectTypeOf<Values<'feature_flag_circuit_breaker_transitions_total'>>().toEqualTypeOf<BreakerStateName>();
  expectTypeOf<Values<'feature_flag_isolated_errors_total'>>().toEqualTypeOf<Parameters<Isolate>[0] | 'cache'>();
  expectTypeOf<Values<'feature_flag_notices_total'>>().toEqualTypeOf<'refresh' | 'known' | 'foreign'>();
});

it('lets such a counter begin at 0 with the first client, so that a rate sees the first failure', () => {
  const table = metricTable();
  const labelled = (): Record<string, readonly (readonly [string | undefined, number])[]> =>
    Object.fromEntries(
      [...table.families()].map(({ name, series }) => [
        name,
        [...series].map(({ labels, value }) => [labels[0], value]),
      ]),
    );
  expect(labelled()).toEqual({});
  table.sampled(() => {});
  expect(labelled()['feature_flag_circuit_breaker_transitions_total']).toEqual([
    ['closed', 0],
    ['open', 0],
    ['half-open', 0],
  ]);
  table.count('feature_flag_circuit_breaker_transitions_total', { to: 'open' });
  expect(labelled()['feature_flag_circuit_breaker_transitions_total']).toContainEqual(['open', 1]);
  // Flags are known by what is evaluated.
  expect(labelled()).not.toHaveProperty('feature_flag_evaluations_total');
});

it('has histograms whose bounds rise, by five times at most, so that a quantile between two says something', () => {
  const histograms = (Object.values(METRIC_CATALOG) as MetricDefinition[]).filter(({ type }) => type === 'histogram');
  expect(histograms.length).toBeGreaterThan(1);
  for (const one of histograms) {
    const { buckets } = one as Extract<MetricDefinition, { type: 'histogram' }>;
    const steps = buckets.slice(1).map((bound, at) => bound / buckets[at]!);
    for (const step of steps) {
      expect(step).toBeGreaterThan(1);
      expect(step).toBeLessThanOrEqual(5.001);
    }
  }
});
