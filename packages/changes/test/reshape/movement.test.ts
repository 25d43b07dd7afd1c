import type { RangedSplit, Split } from '@clarity/flags-core/document';
import { describe, expect, it } from 'vitest';
import { runSeed, sized } from '../../../../scripts/drawn-tests.ts';
import { type Random, seededRandom } from '../../../core/test/document/random.ts';
import { movement } from '../../src/index.ts';
import { ownersOf } from './places.ts';

type Ranges = Readonly<Record<string, readonly (readonly [number, number])[]>>;
const ranged = (arms: Ranges, rest: Partial<RangedSplit> = {}): RangedSplit => ({
  kind: 'split',
  variants: Object.entries(arms).map(([variant, ranges]) => ({ variant, ranges })),
  otherwise: 'off',
  of: 100,
  ...rest,
});

describe('movement', () => {
  it('is told by where units come from and where they go', () => {
    const before = ranged({ a: [[0, 10]], b: [[10, 20]], c: [[40, 50]] });
    const after = ranged({ a: [[0, 13]], b: [[13, 25]], c: [[41, 50]] });
    expect(movement(before, after)).toEqual({ moved: 9, changedArm: 3, entered: 5, left: 1, dealtAnew: false });
    expect(movement(after, before)).toEqual({ moved: 9, changedArm: 3, entered: 1, left: 5, dealtAnew: false });
    expect(movement(before, before)).toMatchObject({ moved: 0 });
  });

  it('goes by arms, not by what they serve', () => {
    const control = ranged({ control: [[0, 50]] }, { otherwise: 'control' });
    expect(movement(control, ranged({ control: [[0, 60]] }, { otherwise: 'control' }))).toMatchObject({ entered: 10 });
    expect(movement(control, ranged({ control: [[0, 50]] }, { otherwise: null }))).toMatchObject({ moved: 0 });
    expect(movement(control, ranged({ renamed: [[0, 50]] }))).toMatchObject({ moved: 50, changedArm: 50 });
  });

  it('is what weights that are cut from 0 move when they grow', () => {
    const weights = (a: number, b: number, off: number): Split => ({
      kind: 'split',
      variants: [
        { variant: 'a', weight: a },
        { variant: 'b', weight: b },
        { variant: 'off', weight: off },
      ],
    });
    expect(movement(weights(5, 5, 90), weights(10, 10, 80))).toMatchObject({ moved: 15, changedArm: 15, entered: 0 });
  });

  it('compares splits of other numbers of buckets by shares of all units', () => {
    const thirds = ranged({ a: [[0, 1]], b: [[1, 3]] }, { of: 3 });
    const tenths = ranged({ a: [[0, 4]], b: [[4, 9]] }, { of: 10 });
    const { moved, changedArm, left } = movement(thirds, tenths);
    expect(changedArm).toBeCloseTo(100 * (4 / 10 - 1 / 3), 12);
    expect(left).toBe(10);
    expect(moved).toBeCloseTo(changedArm + left, 12);
    const weighted: Split = {
      kind: 'split',
      variants: [
        { variant: 'a', weight: 1 },
        { variant: 'b', weight: 1 },
      ],
    };
    const halves = ranged({ a: [[0, 500_000]], b: [[500_000, 1_000_000]] }, { of: 1_000_000 });
    expect(movement(weighted, halves)).toMatchObject({ moved: 0, dealtAnew: false });
  });

  it('is what is to be expected where units are dealt anew', () => {
    const before = ranged({ a: [[0, 30]], b: [[30, 50]] });
    const independent = { moved: 100 - 9 - 4 - 25, changedArm: 12, entered: 25, left: 25, dealtAnew: true };
    for (const [name, figure] of Object.entries(movement(before, { ...before, salt: 'new' }))) {
      if (typeof figure === 'number') expect(figure, name).toBeCloseTo(independent[name as 'moved'], 9);
      else expect(figure, name).toBe(true);
    }
    expect(movement(before, { ...before, by: ['id', 'anonymousId'] })).toMatchObject({ dealtAnew: true });
    expect(movement({ ...before, by: 'id' }, { ...before, by: ['id'] })).toMatchObject({ moved: 0, dealtAnew: false });
    expect(movement(before, { ...before, hash: 'murmur3', by: 'targetingKey' })).toMatchObject({ dealtAnew: false });
    expect(movement(before, { ...before, layer: 'l', holdout: 'h' })).toMatchObject({ moved: 0, dealtAnew: false });
  });

  it('is what counting bucket by bucket gives, for drawn splits', () => {
    const seed = runSeed();
    const random = seededRandom(seed);
    for (let round = 0; round < sized(500, 20_000); round++) {
      const [before, after] = [drawSplit(random), drawSplit(random)];
      const told = JSON.stringify({ SEED: seed, round, before, after });
      const found = movement(before, after);
      const counted = count(before, after);
      for (const name of ['moved', 'changedArm', 'entered', 'left'] as const) {
        expect(found[name], `${name} of ${told}`).toBeCloseTo(counted[name], 9);
      }
    }
  });
});

function drawSplit(random: Random): RangedSplit {
  const of = 1 + random.integer(40);
  const arms: Record<string, [number, number][]> = { a: [], b: [], c: [] };
  for (let from = 0; from < of;) {
    const to = Math.min(of, from + 1 + random.integer(8));
    if (random.chance(0.7)) arms[random.pick(['a', 'b', 'c'])]!.push([from, to]);
    from = to;
  }
  return ranged(arms, { of });
}

/** In parts of which each bucket of both splits has a whole number. */
function count(before: RangedSplit, after: RangedSplit) {
  const [was, is] = [ownersOf(before), ownersOf(after)];
  const parts = was.length * is.length;
  const counted = { moved: 0, changedArm: 0, entered: 0, left: 0 };
  for (let part = 0; part < parts; part++) {
    const [one, other] = [was[Math.floor(part / is.length)], is[Math.floor(part / was.length)]];
    if (one === other) continue;
    counted.moved += 100 / parts;
    counted[one === undefined ? 'entered' : other === undefined ? 'left' : 'changedArm'] += 100 / parts;
  }
  return counted;
}
