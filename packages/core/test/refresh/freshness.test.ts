import { describe, expect, it } from 'vitest';
import { judgeFreshness } from '../../src/refresh/staleness.ts';
import { confirmedAt, elapsedSince, renewed, type Stamp } from '../../src/refresh/moment.ts';
import type { Origin } from '../../src/refresh/snapshot.ts';
import { forManySeeds } from './many-seeds.ts';

const PRIMARY: Origin = { kind: 'primary', name: 'store' };
const at = (monotonicMs: number, { wallMs = 1_000_000 + monotonicMs, bootMs }: Partial<Stamp> = {}): Stamp => ({
  monotonicMs,
  wallMs,
  bootMs,
});

describe('the verdict', () => {
  const judge = (origin: Origin | undefined, verifiedAt: Stamp | undefined, now: Stamp) =>
    judgeFreshness({ origin, verifiedAt, staleAfterMs: 1_000 }, now);

  it('is never without a document', () => {
    expect(judge(undefined, undefined, at(0))).toEqual({ state: 'never', ageMs: null, clockUncertain: false });
  });

  it.each(['cache', 'bootstrap'] as const)('is stale for a document from %s that no source has confirmed', (kind) => {
    expect(judge({ kind, name: kind }, undefined, at(0))).toEqual({
      state: 'stale',
      ageMs: null,
      clockUncertain: false,
    });
  });

  it('is fresh up to the threshold and stale from it on', () => {
    expect(judge(PRIMARY, at(0), at(999.999))).toEqual({
      state: 'fresh',
      ageMs: 999.999,
      clockUncertain: false,
    });
    expect(judge(PRIMARY, at(0), at(1_000))).toMatchObject({ state: 'stale', ageMs: 1_000 });
  });

  it('F58 is degraded when a fallback has confirmed it, and stale like any other', () => {
    const fallback: Origin = { kind: 'fallback', name: 'second' };
    expect(judge(fallback, at(0), at(10)).state).toBe('degraded');
    expect(judge(fallback, at(0), at(1_000)).state).toBe('stale');
  });

  it('is stale while nobody can tell the age', () => {
    const jumped = at(10, { wallMs: 1_000_010 + 10_001 });
    expect(judge(PRIMARY, at(0), jumped)).toMatchObject({ state: 'stale', clockUncertain: true });
  });
});

describe('time that has passed', () => {
  it('is told by boot time where there is one, even if the wall clock shows another time', () => {
    const before = at(0, { bootMs: 0 });
    expect(elapsedSince(before, at(100, { bootMs: 28_800_100, wallMs: 5 }))).toEqual({
      ms: 28_800_100,
      uncertain: false,
    });
    expect(elapsedSince(before, at(100, { bootMs: 100, wallMs: 9e9 }))).toEqual({ ms: 100, uncertain: false });
  });

  it('is as fine as the monotonic clock while boot time agrees within a second', () => {
    expect(elapsedSince(at(0, { bootMs: 0 }), at(1_234.5, { bootMs: 2_000 }))).toEqual({
      ms: 1_234.5,
      uncertain: false,
    });
  });

  it('takes no harm from a wall clock that was set back', () => {
    expect(elapsedSince(at(0), at(50, { wallMs: 0 }))).toEqual({ ms: 50, uncertain: false });
  });

  it('is never negative, never less than the monotonic clock says, and uncertain only without boot time', () => {
    forManySeeds(500, (random) => {
      const tellsBoot = random.chance(0.5);
      const stamp = (base: number): Stamp => ({
        monotonicMs: base,
        wallMs: random.integer(2_000_000),
        bootMs: tellsBoot ? base + random.integer(5_000) : undefined,
      });
      const before = stamp(random.integer(1_000));
      const now = stamp(before.monotonicMs + random.integer(100_000));
      const { ms, uncertain } = elapsedSince(before, now);
      expect(ms).toBeGreaterThanOrEqual(now.monotonicMs - before.monotonicMs);
      if (tellsBoot) expect(uncertain).toBe(false);
    });
  });
});

describe('a confirmation', () => {
  const given = { ageMs: 0, deadlineMs: 5_000 };

  it('dates from when the answer arrived', () => {
    expect(confirmedAt(at(0), at(4_000), given)).toEqual(at(4_000));
  });

  it('is older by what the store says its answer is', () => {
    expect(confirmedAt(at(0), at(4_000), { ...given, ageMs: 1_500 })).toEqual(at(2_500));
  });

  it('F41 dates from the question when the machine slept while the answer was on its way', () => {
    const asked = at(0, { bootMs: 0 });
    expect(confirmedAt(asked, at(100, { bootMs: 28_800_100 }), given)).toEqual(asked);
    expect(confirmedAt(at(0), at(100, { wallMs: 9_000_000 }), given)).toEqual(at(0));
  });

  it('F41 forgets no nap that coarse boot time leaves in doubt', () => {
    const confirmed = confirmedAt(at(0, { bootMs: 0 }), at(100, { bootMs: 1_000 }), given);
    expect(elapsedSince(confirmed, at(200, { bootMs: 1_000 })).ms).toBe(100);
    // Another one, and there is no doubt any more that the machine slept.
    expect(elapsedSince(confirmed, at(200, { bootMs: 2_000 })).ms).toBe(1_900);
  });

  it('F41 forgets no nap that a wall clock alone leaves in doubt', () => {
    const confirmed = confirmedAt(at(0), at(100, { wallMs: 1_009_100 }), given);
    expect(elapsedSince(confirmed, at(200, { wallMs: 1_009_200 }))).toEqual({ ms: 100, uncertain: false });
    // Another one, and it may well have slept.
    expect(elapsedSince(confirmed, at(200, { wallMs: 1_013_200 }))).toMatchObject({ uncertain: true });
    // One that was set back says nothing of naps.
    expect(confirmedAt(at(0, { wallMs: 1_060_000 }), at(100), given)).toEqual(at(100));
  });

  it('F46 dates from the question when the event loop stood still past the deadline', () => {
    expect(confirmedAt(at(0), at(30_000), given)).toEqual(at(0));
  });

  it('does not give way to an earlier one, told without the wall clock', () => {
    expect(renewed(at(100), at(80), at(120))).toEqual(at(100));
    expect(renewed(at(100), at(110), at(120))).toEqual(at(110));
    const setBack = at(110, { wallMs: 0 });
    expect(renewed(at(100), setBack, at(120, { wallMs: 10 }))).toEqual(setBack);
    const slept = { known: at(100, { bootMs: 1_000 }), next: at(90, { bootMs: 2_490 }) };
    expect(renewed(slept.known, slept.next, at(110, { bootMs: 2_510 }))).toEqual(slept.next);
  });

  it('F41 that stays is not hidden from a sleep by a wall clock that was set back before', () => {
    const known = at(100, { wallMs: 600_000 });
    const setBack = 1_000;
    const kept = renewed(known, at(90, { wallMs: setBack - 30 }), at(120, { wallMs: setBack }));
    expect(kept).toEqual(at(100, { wallMs: setBack - 20 }));
    expect(elapsedSince(kept, at(130, { wallMs: setBack + 11_010 }))).toMatchObject({ uncertain: true });
  });

  it('F41 gives way when the machine slept since the question, even if a wall clock that was set back before hides it', () => {
    const asked = at(110, { wallMs: 10 });
    const now = at(120, { wallMs: 28_800_020 });
    expect(renewed(at(100, { wallMs: 259_200_000 }), asked, now)).toEqual(asked);
  });

  it('replaces one whose age nobody can tell any more', () => {
    const now = at(200, { wallMs: 9_000_000 });
    expect(renewed(at(100), at(90, { wallMs: 8_999_890 }), now)).toEqual(at(90, { wallMs: 8_999_890 }));
  });
});
