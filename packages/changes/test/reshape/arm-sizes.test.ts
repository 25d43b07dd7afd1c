import { describe, expect, it } from 'vitest';
import { runSeed, sized } from '../../../../scripts/drawn-tests.ts';
import { seededRandom } from '../../../core/test/document/random.ts';
import { armSizes } from '../../src/reshape/arm-sizes.ts';

const sumOf = (sizes: readonly number[]): number => sizes.reduce((sum, size) => sum + size, 0);

describe('the sizes of arms', () => {
  it('are the exact shares where these are whole', () => {
    expect(armSizes([50_000, 50_000], [60, 40], 100_000)).toEqual([60_000, 40_000]);
    expect(armSizes([33_001, 33_001, 33_998], [38, 38, 24], 100_000)).toEqual([38_000, 38_000, 24_000]);
    expect(armSizes([5, 5], [0.1, 0.2], 30)).toEqual([10, 20]);
  });

  it('are rounded to what an arm has', () => {
    expect(armSizes([33, 33, 34], [1, 1, 1], 100)).toEqual([33, 33, 34]);
    expect(armSizes([34, 33, 33], [1, 1, 1], 100)).toEqual([34, 33, 33]);
    expect(armSizes([0, 0, 0], [1, 1, 1], 100)).toEqual([34, 33, 33]);
  });

  it('are rounded up where most is lacking', () => {
    expect(armSizes([0, 0, 0], [11, 17, 72], 10)).toEqual([1, 2, 7]);
    expect(armSizes([2, 2, 8], [11, 17, 72], 10)).toEqual([1, 2, 7]);
  });

  it('keep what they have beyond their shares while the total grows, and lack it while it shrinks', () => {
    expect(armSizes([86, 84, 83], [1, 1, 1], 255)).toEqual([86, 84, 85]);
    expect(armSizes([84, 86, 87], [1, 1, 1], 255)).toEqual([84, 86, 85]);
    // Two buckets beside the share are another relation, which is to change.
    expect(armSizes([27, 23], [1, 1], 51)).toEqual([26, 25]);
  });

  it('are 0 without a weight', () => {
    expect(armSizes([7, 3, 0], [0, 1, 0], 10)).toEqual([0, 10, 0]);
  });

  it('change by single buckets, where that is wanted', () => {
    expect(armSizes([25, 25], [51, 49], 100)).toEqual([51, 49]);
    expect(armSizes([50, 50], [51, 49], 100)).toEqual([51, 49]);
    expect(armSizes([50, 50], [99, 101], 100)).toEqual([50, 50]);
  });

  it('leave no bucket to an arm that leaves, however small it is', () => {
    expect(armSizes([1, 0, 0], [0, 1, 1], 4)).toEqual([0, 2, 2]);
  });

  it('take nothing from an arm while the total grows, and give it nothing while it shrinks', () => {
    const seed = runSeed();
    const random = seededRandom(seed);
    for (let round = 0; round < sized(500, 20_000); round++) {
      const most = random.pick([3, 10, 100, 10_000]);
      const weights = Array.from({ length: 2 + random.integer(30) }, () => 1 + random.integer(most));
      const of = random.pick([10, 100, 1_000, 100_000]);
      let before = weights.map(() => 0);
      for (let change = 0; change < 20; change++) {
        const total = random.chance(0.5)
          ? random.integer(of + 1)
          : Math.min(of, Math.max(0, sumOf(before) + random.integer(11) - 5));
        const after = armSizes(before, weights, total);
        const told = JSON.stringify({ SEED: seed, round, weights, before, after });
        expect(sumOf(after), told).toBe(total);
        const growth = total - sumOf(before);
        const moved = after.filter((size, arm) => (size - before[arm]!) * growth < 0);
        expect(moved, told).toEqual([]);
        before = after;
      }
    }
  });
});
