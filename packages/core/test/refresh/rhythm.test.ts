import { describe, expect, it } from 'vitest';
import { boundOf } from '../../src/refresh/bound.ts';
import { atLeast, jitteredBackoffMs, type Beat, jittered, nextPauseMs } from '../../src/refresh/rhythm.ts';
import type { RefreshMode } from '../../src/refresh/settings.ts';
import { settings } from '../support/settings.ts';
import { forManySeeds } from './many-seeds.ts';

const CALM: Beat = { breakMs: null, failures: 0, waiting: false, patienceMs: Number.NEGATIVE_INFINITY, random: 0.5 };
const beat = (changes: Partial<Beat>): Beat => ({ ...CALM, ...changes });

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

describe('the rhythm', () => {
  const paused = (changes: Partial<Beat>, of = settings({ jitter: 0.1 })): number | undefined =>
    nextPauseMs(of, beat(changes));

  it('is the pause of the mode, with jitter', () => {
    expect([0, 0.5, 0.999_999_999].map((random) => paused({ random }))).toEqual([54_000, 60_000, 66_000]);
    expect(paused({}, settings({ mode: 'pubsub' }))).toBe(150_000);
    expect(paused({}, settings({ mode: 'none' }))).toBeUndefined();
  });

  it('is a backoff after failures, of 30 s at most while nothing has been confirmed', () => {
    expect([1, 2, 3, 20].map((failures) => paused({ failures }))).toEqual([750, 1_500, 3_000, 45_000]);
    expect([1, 20].map((failures) => paused({ failures, waiting: true }))).toEqual([750, 22_500]);
    expect(paused({ failures: 3, waiting: true }, settings({ intervalMs: 600 }))).toBe(450);
    expect(paused({ failures: 3, waiting: true }, settings({ mode: 'none' }))).toBe(3_000);
  });

  it('is the break of an open breaker and up to a tenth more, whatever failed before', () => {
    expect(paused({ breakMs: 30_000, failures: 5, random: 0 })).toBe(30_000);
    expect(paused({ breakMs: 30_000, failures: 5, random: 1 / 3 })).toBe(31_000);
    expect(paused({ breakMs: 0 })).toBe(0);
  });

  it('is never shorter than the patience that the store asked for, which is one pause at most', () => {
    expect(paused({ failures: 1, patienceMs: 20_000 })).toBe(20_000);
    expect(paused({ failures: 1, patienceMs: 3_600_000 })).toBe(60_000);
    expect(paused({ breakMs: 10_000, patienceMs: 20_000 })).toBe(20_000);
    expect(paused({ patienceMs: -5_000 })).toBe(60_000);
  });

  it('counts in whole milliseconds, and keeps within the stated bound, also where chance and clocks are at their worst', () => {
    forManySeeds(2_000, (random) => {
      const recoveryTimeoutMs = 1 + random.integer(600_000);
      const drawn = settings({
        mode: random.pick(['periodic', 'both', 'pubsub'] as const satisfies readonly RefreshMode[]),
        intervalMs: 1 + random.integer(random.pick([20, 1_000, 1_000_000])) + random.pick([0, 0, 0.5, 0.001]),
        jitter: random.pick([0, 0.1, 0.5, random.next() / 2]),
        staleAfterMs: 1 + random.integer(random.pick([50, 2 ** 31 - 2])),
        breaker: { failureThreshold: 1, recoveryTimeoutMs, growth: 1, maxRecoveryTimeoutMs: recoveryTimeoutMs },
      });
      const chance = random.pick([0, random.next(), 1 - 2 ** -53]);
      const { healthyMs, afterOutageMs } = boundOf(drawn);
      const healthy = beat({
        failures: random.integer(12),
        // A clock in nanoseconds gives back a hair more than it was asked to add.
        patienceMs: random.pick([Number.NEGATIVE_INFINITY, 1e9 + 0.1 + drawn.intervalMs - (1e9 + 0.1)]),
        random: chance,
      });
      const broken = beat({ breakMs: recoveryTimeoutMs, random: chance });
      const pauses = [nextPauseMs(drawn, healthy) ?? Number.NaN, nextPauseMs(drawn, broken) ?? Number.NaN] as const;
      expect(pauses.every(Number.isSafeInteger)).toBe(true);
      expect(pauses[0]).toBeLessThanOrEqual((healthyMs ?? 0) - 2 * drawn.timeoutMs);
      expect(pauses[1]).toBeLessThanOrEqual((afterOutageMs ?? 0) - 2 * drawn.timeoutMs);
      expect(pauses[1]).toBeGreaterThanOrEqual(recoveryTimeoutMs);
    });
  });
});
