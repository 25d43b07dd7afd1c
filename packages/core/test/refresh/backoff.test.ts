import { describe, expect, it } from 'vitest';
import { atLeast, jitteredBackoffMs, jittered } from '../../src/refresh/schedule.ts';
import { forManySeeds } from './many-seeds.ts';

describe('waiting', () => {
  it('doubles from the first delay to the longest, of which a random half is waived', () => {
    const most = [1, 2, 3, 4, 5, 6].map((failures) => jitteredBackoffMs(failures, 1_000, 10_000, 0.999_999));
    expect(most.map(Math.round)).toEqual([1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
    const least = [1, 2, 3, 4, 5, 6].map((failures) => jitteredBackoffMs(failures, 1_000, 10_000, 0));
    expect(least).toEqual([500, 1_000, 2_000, 4_000, 5_000, 5_000]);
  });

  it('stays finite and within its bounds, however many failures there were', () => {
    forManySeeds(500, (random) => {
      const first = 1 + random.integer(5_000);
      const longest = first + random.integer(2 ** 31 - 1);
      const failures = 1 + random.integer(random.pick([5, 100, 1_000_000]));
      const ms = jitteredBackoffMs(failures, first, longest, random.next());
      expect(ms).toBeGreaterThanOrEqual(first / 2);
      expect(ms).toBeLessThanOrEqual(longest);
    });
  });

  it('spreads an interval both ways, and a break only upwards', () => {
    expect([0, 0.5, 1].map((random) => jittered(100, 0.1, random))).toEqual([90, 100, expect.closeTo(110)]);
    expect(jittered(100, 0, 0.7)).toBe(100);
    expect([0, 1].map((random) => atLeast(100, random))).toEqual([100, expect.closeTo(110)]);
  });
});
