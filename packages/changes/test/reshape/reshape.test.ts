import type { RangedSplit, Split, WeightedSplit } from '@clarity/flags-core/document';
import { bucket } from '@clarity/flags-core/evaluation';
import { describe, expect, it } from 'vitest';
import { runSeed, sized } from '../../../../scripts/drawn-tests.ts';
import { movement, reshape, type WantedShape } from '../../src/index.ts';
import { countUsers, leastOf, ownersOf, sizesOf } from './places.ts';

const weighted = (weights: Readonly<Record<string, number>>): WeightedSplit => ({
  kind: 'split',
  variants: Object.entries(weights).map(([variant, weight]) => ({ variant, weight })),
});
/** Ranges as evaluation cuts the weights, which are per cent of all. */
const ranged = (weights: Readonly<Record<string, number>>): RangedSplit => {
  let end = 0;
  const variants = Object.entries(weights).map(([variant, percentage]) => ({
    variant,
    ranges: [[end, (end += percentage * 1_000)] as const],
  }));
  return { kind: 'split', variants, otherwise: 'off' };
};
const rangesOf = (split: RangedSplit) => split.variants.map(({ variant, ranges }) => [variant, ...ranges]);
const four = { a: 25, b: 25, c: 25, d: 25 };

interface Row {
  readonly change: string;
  readonly from: Readonly<Record<string, number>>;
  readonly wanted: WantedShape;
  readonly to: Readonly<Record<string, number>>;
  readonly least: number;
  /** Whether nobody may change arm. */
  readonly armsStay?: boolean;
}
const rows: readonly Row[] = [
  {
    change: 'coverage 10 → 20 %',
    from: { a: 5, b: 5 },
    wanted: { coverage: 20 },
    to: { a: 10, b: 10 },
    least: 10,
    armsStay: true,
  },
  {
    change: 'weights 5, 5, 90 → 10, 10, 80',
    from: { a: 5, b: 5, off: 90 },
    wanted: { weights: { a: 10, b: 10, off: 80 } },
    to: { a: 10, b: 10, off: 80 },
    least: 10,
  },
  {
    change: 'coverage 20 → 100 %',
    from: { a: 10, b: 10 },
    wanted: { coverage: 100 },
    to: { a: 50, b: 50 },
    least: 80,
    armsStay: true,
  },
  {
    change: '50/50 → 60/40',
    from: { a: 50, b: 50 },
    wanted: { weights: { a: 60, b: 40 } },
    to: { a: 60, b: 40 },
    least: 10,
  },
  {
    change: '33/33/34 → 38/38/24',
    from: { a: 33, b: 33, c: 34 },
    wanted: { weights: { a: 38, b: 38, c: 24 } },
    to: { a: 38, b: 38, c: 24 },
    least: 10,
  },
  {
    change: '1 % from one of four arms to another',
    from: four,
    wanted: { weights: { ...four, a: 24, c: 26 } },
    to: { ...four, a: 24, c: 26 },
    least: 1,
  },
  {
    change: 'a third arm beside two',
    from: { a: 50, b: 50 },
    wanted: { weights: { a: 9, b: 9, c: 2 } },
    to: { a: 45, b: 45, c: 10 },
    least: 10,
  },
  {
    change: 'an arm leaves, the others share what it had',
    from: { a: 40, b: 40, c: 20 },
    wanted: { weights: { a: 1, b: 1 } },
    to: { a: 50, b: 50 },
    least: 20,
  },
];

describe('a new shape', () => {
  it.each(rows)('moves no more than it must: $change', ({ from, wanted, to, least, armsStay }) => {
    const before = ranged(from);
    const after = reshape(before, wanted);
    expect(sizesOf(after)).toEqual(Object.fromEntries(Object.entries(to).map(([arm, share]) => [arm, share * 1_000])));
    expect(leastOf(from, to)).toBeCloseTo(least, 9);
    const { moved, changedArm } = movement(before, after);
    expect(moved).toBeLessThanOrEqual(least + 0.01);

    const seed = runSeed();
    // Chance puts a few users more or less into those buckets: for one seed in a thousand this is too little.
    const counted = countUsers(before, after, `salt-${seed}`, sized(20_000, 200_000));
    expect(counted.moved, `SEED=${seed}`).toBeLessThanOrEqual(least + sized(1, 0.3));
    if (armsStay !== true) return;
    expect(changedArm).toBe(0);
    expect(counted.changedArm, `SEED=${seed}`).toBe(0);
  });

  it('leaves everybody where the weights had them', () => {
    const split = weighted({ a: 1, b: 1, c: 1, off: 4 });
    const after = reshape(split, {}, { otherwise: null });
    expect(rangesOf(after)).toEqual([
      ['a', [0, 14_286]],
      ['b', [14_286, 28_571]],
      ['c', [28_571, 42_857]],
      ['off', [42_857, 100_000]],
    ]);
    expect(movement(split, after)).toMatchObject({ moved: 0, dealtAnew: false });
    // Also where the weights are said again: rounding alone takes no bucket from an arm.
    const again = reshape(split, { weights: { a: 1, b: 1, c: 1, off: 4 }, coverage: 100 }, { otherwise: null });
    expect(again).toEqual(after);
  });

  it('keeps all of the split but its arms', () => {
    const rest = {
      kind: 'split',
      by: ['id', 'anonymousId'],
      salt: 'exp',
      hash: 'murmur3',
      of: 10_000,
      experiment: { id: 'one-page-2026', phase: 2 },
      layer: 'checkout',
      holdout: 'all-2026',
      gaps: 'continue',
    } as const;
    const split: Split = { ...rest, variants: [{ variant: 'control', ranges: [[0, 1_000]] }] };
    const { variants, ...others } = reshape(split, { weights: { control: 1, one_page: 1 } });
    expect(others).toEqual(rest);
    expect(variants).toEqual([
      { variant: 'control', ranges: [[0, 500]] },
      { variant: 'one_page', ranges: [[500, 1_000]] },
    ]);
    expect(split.variants).toEqual([{ variant: 'control', ranges: [[0, 1_000]] }]);
    const fromWeights = reshape({ ...weighted({ a: 1 }), salt: 'exp', by: 'id' }, { coverage: 50 }, { otherwise: 'a' });
    expect(fromWeights).toEqual({
      kind: 'split',
      salt: 'exp',
      by: 'id',
      variants: [{ variant: 'a', ranges: [[0, 50_000]] }],
      otherwise: 'a',
    });
  });

  it('has the old arms in their order, then the new ones', () => {
    const after = reshape(ranged({ b: 10, a: 10, z: 10 }), { weights: { new: 1, a: 1, b: 1, another: 1 } });
    expect(after.variants.map(({ variant }) => variant)).toEqual(['b', 'a', 'new', 'another']);
  });

  it('keeps an arm of weight 0 without a bucket, to grow again', () => {
    const after = reshape(ranged({ a: 10, b: 10 }), { weights: { a: 1, b: 0 } });
    expect(rangesOf(after)).toEqual([['a', [0, 20_000]], ['b']]);
    expect(sizesOf(reshape(after, { weights: { a: 1, b: 1 } }))).toEqual({ a: 10_000, b: 10_000 });
  });

  it('can be empty, and needs weights to fill again', () => {
    const before = ranged({ a: 10, b: 10 });
    const empty = reshape(before, { coverage: 0 });
    expect(rangesOf(empty)).toEqual([['a'], ['b']]);
    expect(movement(before, empty)).toMatchObject({ moved: 20, left: 20 });
    expect(sizesOf(reshape(empty, { weights: { a: 3, b: 1 }, coverage: 100 }))).toEqual({ a: 75_000, b: 25_000 });
    expect(rangesOf(reshape(before, { weights: {}, coverage: 0 }))).toEqual([]);
  });

  it('grows into the room beside each arm', () => {
    const split = { ...ranged({}), variants: [arm('control', [0, 10_000]), arm('one_page', [50_000, 60_000])] };
    expect(rangesOf(reshape(split, { coverage: 60 }))).toEqual([
      ['control', [0, 30_000]],
      ['one_page', [50_000, 80_000]],
    ]);
    expect(rangesOf(reshape(split, { coverage: 100 }))).toEqual([
      ['control', [0, 50_000]],
      ['one_page', [50_000, 100_000]],
    ]);
  });

  it('takes what lies beside an arm, and makes one range of it', () => {
    const split = { ...ranged({}), variants: [arm('a', [0, 10], [20, 30]), arm('b', [10, 20], [30, 50])], of: 100 };
    // The second piece of b, though b gives up its last buckets else.
    expect(rangesOf(reshape(split, { weights: { a: 3, b: 2 } }))).toEqual([
      ['a', [0, 30]],
      ['b', [30, 50]],
    ]);
  });

  it.each([
    { start: 'beside each other', from: ranged({ a: 5, b: 5 }) },
    { start: 'with room between them', from: reshape(ranged({ a: 50, b: 50 }), { coverage: 10 }) },
  ])('gives back what came last when it shrinks as it grew, with arms $start', ({ from }) => {
    for (const coverages of [
      [20, 10],
      [20, 40, 100, 40, 20, 10],
      [100, 50, 10],
      [50, 40, 30, 20, 10],
    ]) {
      expect(coverages.reduce((split, coverage) => reshape(split, { coverage }), from)).toEqual(from);
    }
  });

  it('gives up the smallest of many ranges first', () => {
    const split = { ...ranged({}), of: 100, variants: [arm('a', [0, 20], [30, 33], [40, 60])] };
    expect(rangesOf(reshape(split, { coverage: 35 }))).toEqual([['a', [0, 20], [40, 55]]]);
    // But the last one where that is all it has to give.
    expect(rangesOf(reshape(split, { coverage: 23 }))).toEqual([['a', [0, 20], [30, 33]]]);
  });

  it('goes back to even arms the way it came', () => {
    const even = ranged({ a: 50, b: 50 });
    expect(reshape(reshape(even, { weights: { a: 3, b: 2 } }), { weights: { a: 1, b: 1 } })).toEqual(even);
  });

  it('is the same each time', () => {
    const wanted = { weights: { a: 1, b: 2, c: 3 }, coverage: 33.333 };
    const split = ranged({ a: 5, b: 7 });
    expect(reshape(split, wanted)).toEqual(reshape(structuredClone(split), structuredClone(wanted)));
  });

  it('deals buckets as evaluation finds them', () => {
    const split = reshape(ranged({ a: 10, b: 10 }), { coverage: 50 });
    const owners = ownersOf(split);
    const users = 20_000;
    const mine = Array.from({ length: users }, (_, user) => owners[bucket('salt', `${user}`)]);
    expect(mine.filter((owner) => owner === 'a').length / users).toBeCloseTo(0.25, 1);
  });

  it('takes names of prototypes as any others', () => {
    const weights: Record<string, number> = JSON.parse('{"__proto__": 1, "constructor": 1, "toString": 2}');
    const after = reshape(ranged({ constructor: 10, a: 10 }), { weights });
    expect(after.variants.map(({ variant }) => variant)).toEqual(['constructor', '__proto__', 'toString']);
    expect(after.variants.map(({ ranges }) => ranges.reduce((size, [from, to]) => size + to - from, 0))).toEqual([
      5_000, 5_000, 10_000,
    ]);
    // An arm that no weight names leaves, though every object has its name.
    expect(rangesOf(reshape(ranged({ constructor: 10, a: 10 }), { weights: { a: 1 } }))).toEqual([['a', [0, 20_000]]]);
    expect(movement(ranged({ constructor: 10 }), ranged({ toString: 10 }))).toMatchObject({ changedArm: 10 });
  });
});

function arm(variant: string, ...ranges: (readonly [number, number])[]) {
  return { variant, ranges };
}
