import type { Split } from '@clarity/flags-core/document';
import { describe, expect, it } from 'vitest';
import { movement, reshape, type ReshapeOptions, type WantedShape } from '../../src/index.ts';

const split: Split = {
  kind: 'split',
  variants: [
    { variant: 'a', ranges: [[0, 5_000]] },
    { variant: 'b', ranges: [[5_000, 10_000]] },
  ],
  otherwise: 'off',
};
const byWeights: Split = { kind: 'split', variants: [{ variant: 'a', weight: 1 }] };

/** As plain JavaScript could call it. */
function refusal(wanted: unknown, given: unknown = split, options?: unknown): unknown {
  try {
    reshape(given as Split, wanted as WantedShape, options as ReshapeOptions);
  } catch (error) {
    return String(error);
  }
  return undefined;
}

describe('what cannot be', () => {
  it.each([
    [{ coverage: Number.NaN }, 'coverage is NaN'],
    [{ coverage: -1 }, 'coverage is -1'],
    [{ coverage: 100.001 }, 'coverage is 100.001'],
    [{ coverage: '50' }, 'coverage is "50"'],
  ])('is named: %o', (wanted, found) => {
    expect(refusal(wanted)).toBe(`RangeError: ${found}; allowed is a number from 0 to 100: per cent of all buckets`);
  });

  it.each([
    [-1, '-1'],
    [Number.NaN, 'NaN'],
    [Infinity, 'Infinity'],
    ['5', '"5"'],
    [null, 'null'],
  ])('is a weight of %o', (weight, found) => {
    expect(refusal({ weights: { a: weight } })).toBe(
      `RangeError: weights["a"] is ${found}; allowed is a finite number from 0`,
    );
  });

  it('is a weight without a name', () => {
    expect(refusal({ weights: { a: 1, '': 1 } })).toBe(
      'RangeError: a name in weights is ""; allowed is the name of a variant: give each weight to one',
    );
  });

  it('is coverage without an arm to have it', () => {
    const sentence = 'RangeError: no weight is above 0; allowed is at least one while coverage is above 0: ';
    const todo = `${sentence}give an arm one, or set coverage to 0`;
    expect(refusal({ weights: { a: 0, b: 0 }, coverage: 10 })).toBe(todo);
    expect(refusal({ weights: {} })).toBe(todo);
    const empty = reshape(split, { coverage: 0 });
    expect(refusal({ coverage: 10 }, empty)).toBe(`${sentence}give weights, since no arm has buckets now`);
  });

  it('is a split by weights whose gaps serve nothing that is known', () => {
    const todo = "allowed is a variant's name or null: say what units in no range are served";
    expect(refusal({}, byWeights)).toBe(`TypeError: otherwise is undefined; ${todo}`);
    expect(refusal({}, byWeights, { otherwise: '' })).toBe(`TypeError: otherwise is ""; ${todo}`);
    expect(refusal({}, byWeights, { otherwise: 7 })).toBe(`TypeError: otherwise is 7; ${todo}`);
    expect(refusal({}, byWeights, { otherwise: null })).toBeUndefined();
  });

  it('is another `otherwise` for a split that has its own', () => {
    expect(refusal({}, split, { otherwise: 'a' })).toBe(
      'TypeError: otherwise is "a"; allowed is to leave it out: a split by ranges says itself what its gaps serve',
    );
  });

  it.each([0, -1, 1.5, 1_000_001, Number.NaN])('is %d buckets', (of) => {
    expect(refusal({}, { ...split, of })).toBe(`RangeError: of is ${of}; allowed is an integer from 1 to 1000000`);
  });

  it.each([[[-1, 5]], [[5, 4]], [[0, 10_001]], [[0.5, 1]], [[0, Number.NaN]], [[0]]])('is the range %o', (range) => {
    const given = { ...split, of: 10_000, variants: [{ variant: 'a', ranges: [range] }] };
    expect(refusal({}, given)).toBe(
      `RangeError: a range of "a" is ${JSON.stringify(range)}; allowed is two integers from 0 to 10000, the smaller first`,
    );
  });

  it('is a bucket of two arms, or of one arm twice', () => {
    const sentence = 'allowed are ranges that do not overlap: give each bucket to one variant';
    const two = [
      { variant: 'b', ranges: [[50, 60]] },
      { variant: 'a', ranges: [[0, 51]] },
    ];
    expect(refusal({}, { ...split, variants: two })).toBe(
      `RangeError: a range of "a" is [0,51], one of "b" is [50,60]; ${sentence}`,
    );
    const within = [
      {
        variant: 'a',
        ranges: [
          [0, 100],
          [10, 20],
          [200, 300],
        ],
      },
    ];
    expect(refusal({}, { ...split, variants: within })).toBe(
      `RangeError: a range of "a" is [0,100], one of "a" is [10,20]; ${sentence}`,
    );
    expect(() => movement(split, { ...split, variants: two } as unknown as Split)).toThrow(sentence);
  });

  it('is a split whose weights evaluation could not cut', () => {
    const of = (...weights: unknown[]) => ({
      kind: 'split',
      variants: weights.map((weight, index) => ({ variant: `v${index}`, weight })),
    });
    const options = { otherwise: null };
    expect(refusal({}, of(1, -1), options)).toBe(
      'RangeError: variants[1].weight is -1; allowed is a finite number from 0',
    );
    expect(refusal({}, of(1, undefined), options)).toContain('variants[1].weight is undefined');
    expect(refusal({}, of(0, 0), options)).toBe(
      'RangeError: no weight of the split is above 0; allowed is at least one: give a variant a weight',
    );
  });

  it('is told in one line, however long a name is', () => {
    const variant = 'x\n'.repeat(1_000);
    const told = refusal({ weights: { [variant]: -1 } });
    expect(String(told).length).toBeLessThan(150);
    expect(told).not.toContain('\n');
  });
});

describe('what is odd and yet sound', () => {
  it('has arms whose weights are beyond all sums', () => {
    const after = reshape(split, { weights: { a: Number.MAX_VALUE, b: Number.MAX_VALUE } });
    expect(after).toEqual(split);
  });

  it('has more arms than buckets', () => {
    const weights = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`v${index}`, 1]));
    const after = reshape({ ...split, of: 10, variants: [] }, { weights, coverage: 100 });
    expect(after.variants.map(({ ranges }) => ranges.length).sort()).toEqual([
      ...Array<number>(10).fill(0),
      ...Array<number>(10).fill(1),
    ]);
  });

  it('names a variant twice, has empty ranges, and ranges in any order', () => {
    const given: Split = {
      ...split,
      variants: [
        {
          variant: 'a',
          ranges: [
            [20, 30],
            [5, 5],
            [0, 10],
          ],
        },
        { variant: 'b', ranges: [] },
        { variant: 'a', ranges: [[10, 20]] },
      ],
    };
    expect(reshape(given, {}).variants).toEqual([
      { variant: 'a', ranges: [[0, 30]] },
      { variant: 'b', ranges: [] },
    ]);
    expect(movement(given, reshape(given, {}))).toMatchObject({ moved: 0 });
  });
});
