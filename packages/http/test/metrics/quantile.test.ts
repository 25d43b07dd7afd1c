import { describe, expect, it } from 'vitest';
import { quantile } from '../../src/metrics/quantile.ts';

const infinity = Number.POSITIVE_INFINITY;
const spread = [
  { bound: 1, count: 10 },
  { bound: 2, count: 10 },
  { bound: 4, count: 30 },
  { bound: infinity, count: 40 },
];

describe('a quantile', () => {
  it.each([
    [0, 0],
    [0.125, 0.5],
    [0.25, 1],
    [0.5, 3],
    [0.75, 4],
    // Beyond the last bound nothing is known but that it is more.
    [0.9, 4],
    [1, 4],
  ])('%d of a known distribution is estimated as %d', (q, expected) => {
    expect(quantile(q, spread)).toBeCloseTo(expected, 10);
  });

  it('of nothing does not exist', () => {
    expect(quantile(0.5, [])).toBeUndefined();
    expect(quantile(0.5, [{ bound: infinity, count: 0 }])).toBeUndefined();
  });
});
