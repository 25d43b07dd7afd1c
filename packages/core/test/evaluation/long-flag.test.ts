import { describe, expect, expectTypeOf, it } from 'vitest';
import type { LongFlag, Serve } from '../../src/document/types.ts';
import { bucket } from '../../src/evaluation/bucket.ts';
import { evaluatorOf } from './documents.ts';

describe('a long flag', () => {
  it('serves values of every type', () => {
    const theme = { dark: true, accents: ['red', { hex: '#f00' }] };
    const evaluator = evaluatorOf({
      boolean: { type: 'boolean', variants: { yes: true, no: false }, fallthrough: 'yes' },
      string: { type: 'string', variants: { a: 'A' }, fallthrough: 'a' },
      number: { type: 'number', variants: { a: 1.5 }, fallthrough: 'a' },
      object: { type: 'object', variants: { a: theme }, fallthrough: 'a' },
      list: { type: 'object', variants: { a: [1, 2] }, fallthrough: 'a' },
    });
    expect(evaluator.value('boolean', {}, false)).toBe(true);
    expect(evaluator.value('string', {}, '')).toBe('A');
    expect(evaluator.value('number', {}, 0)).toBe(1.5);
    expect(evaluator.value('object', {}, {})).toEqual(theme);
    expect(evaluator.value('list', {}, [])).toEqual([1, 2]);
    expectTypeOf(evaluator.value('string', {}, 'x')).toEqualTypeOf<string>();
    expectTypeOf(evaluator.value('number', {}, 1)).toEqualTypeOf<number>();
    expectTypeOf(evaluator.value('boolean', {}, true)).toEqualTypeOf<boolean>();
    expectTypeOf(evaluator.details('string', {}, 'x').value).toEqualTypeOf<string>();
  });

  it('serves the fallback when its type is another, and says so', () => {
    const evaluator = evaluatorOf({
      flag: { type: 'string', variants: { a: 'A' }, fallthrough: 'a', metadata: { owner: 'x' } },
    });
    expect(evaluator.value('flag', {}, 7)).toBe(7);
    expect(evaluator.isEnabled('flag', {}, true)).toBe(true);
    expect(evaluator.details('flag', {}, false)).toEqual({
      flagKey: 'flag',
      value: false,
      reason: 'ERROR',
      errorCode: 'TYPE_MISMATCH',
      errorMessage: 'string, not boolean',
      flagMetadata: { owner: 'x' },
    });
    expect(evaluator.value('flag', {}, null)).toBe('A');
    expect(evaluator.value('nope', {}, null)).toBeNull();
  });

  it('gives objects that callers cannot change for each other', () => {
    const evaluator = evaluatorOf({
      flag: { type: 'object', variants: { a: { deep: { list: [1] } } }, fallthrough: 'a' },
    });
    const value = evaluator.value('flag', {}, {}) as { deep: { list: number[] } };
    expect(() => value.deep.list.push(2)).toThrow(TypeError);
    expect(evaluator.value('flag', {}, {})).toEqual({ deep: { list: [1] } });
  });

  const long = (flag: Partial<LongFlag>): LongFlag => ({
    type: 'string',
    variants: { a: 'A', b: 'B', c: 'C' },
    fallthrough: 'a',
    ...flag,
  });
  const country = (value: string) => ({ attribute: 'country', op: 'equals', value }) as const;

  it('serves the first target that names the key, then the first rule that holds, then the rest', () => {
    const evaluator = evaluatorOf({
      flag: long({
        targets: [
          { variant: 'b', keys: ['u1', 7] },
          { variant: 'c', keys: ['u1', 'u2'] },
        ],
        rules: [
          { when: country('DE'), serve: 'b' },
          { id: 'second', when: { any: [country('DE'), country('AT')] }, serve: 'c' },
        ],
      }),
    });
    const about = (context: object) => evaluator.details('flag', context as Record<string, unknown>, '');
    expect(about({ userId: 'u1', country: 'AT' })).toEqual({
      flagKey: 'flag',
      value: 'B',
      variant: 'b',
      reason: 'TARGETING_MATCH',
    });
    expect(about({ userId: '7' })).toMatchObject({ value: 'B' });
    expect(about({ userId: 'u2' })).toMatchObject({ value: 'C' });
    expect(about({ userId: 'u3', country: 'DE' })).toEqual({
      flagKey: 'flag',
      value: 'B',
      variant: 'b',
      reason: 'TARGETING_MATCH',
      ruleIndex: 0,
    });
    expect(about({ country: 'AT' })).toEqual({
      flagKey: 'flag',
      value: 'C',
      variant: 'c',
      reason: 'TARGETING_MATCH',
      ruleIndex: 1,
      ruleId: 'second',
    });
    expect(about({ country: 'CH' })).toEqual({ flagKey: 'flag', value: 'A', variant: 'a', reason: 'DEFAULT' });
  });

  it('is off when disabled, also with targets and rules', () => {
    const evaluator = evaluatorOf({
      off: long({ enabled: false, offVariant: 'c', targets: [{ variant: 'b', keys: ['u1'] }] }),
      none: long({ enabled: false }),
      boolean: { type: 'boolean', enabled: false, fallthrough: 'on' },
      named: { type: 'boolean', enabled: false, variants: { on: true }, fallthrough: 'on' },
    });
    expect(evaluator.details('off', { userId: 'u1' }, '')).toEqual({
      flagKey: 'off',
      value: 'C',
      variant: 'c',
      reason: 'DISABLED',
    });
    expect(evaluator.details('none', {}, 'mine')).toEqual({ flagKey: 'none', value: 'mine', reason: 'DISABLED' });
    expect(evaluator.isEnabled('boolean', {}, true)).toBe(false);
    expect(evaluator.isEnabled('named', {}, true)).toBe(true);
  });

  it('serves null as the fallback of the caller', () => {
    const evaluator = evaluatorOf({
      flag: long({ rules: [{ when: country('DE'), serve: null }], fallthrough: 'a' }),
      all: long({ fallthrough: null }),
    });
    expect(evaluator.details('flag', { country: 'DE' }, 'mine')).toEqual({
      flagKey: 'flag',
      value: 'mine',
      reason: 'DEFAULT',
      ruleIndex: 0,
    });
    expect(evaluator.details('all', {}, 'mine')).toEqual({ flagKey: 'all', value: 'mine', reason: 'DEFAULT' });
  });

  it('deals variants in the order of their weights, by any attribute and salt', () => {
    const split: Serve = {
      kind: 'split',
      by: 'account.id',
      salt: 'shared',
      hash: 'murmur3',
      variants: [
        { variant: 'a', weight: 1 },
        { variant: 'b', weight: 0 },
        { variant: 'c', weight: 3 },
      ],
    };
    const evaluator = evaluatorOf({
      flag: long({ fallthrough: split, offVariant: 'b' }),
      ruled: long({ rules: [{ id: 'r', when: { all: [] }, serve: split }] }),
    });
    for (let index = 0; index < 1000; index++) {
      const context = { account: { id: `acc-${index}` }, userId: 'same' };
      const expected = bucket('shared', `acc-${index}`);
      expect(evaluator.details('flag', context, '')).toEqual({
        flagKey: 'flag',
        value: expected < 25_000 ? 'A' : 'C',
        variant: expected < 25_000 ? 'a' : 'c',
        reason: 'SPLIT',
        bucket: expected,
      });
      expect(evaluator.details('ruled', context, '')).toMatchObject({
        reason: 'SPLIT',
        ruleIndex: 0,
        ruleId: 'r',
        bucket: expected,
      });
    }
    for (const context of [
      {},
      { account: { id: '' } },
      { account: { id: 1.5 } },
      { account: { id: null } },
      { account: 'acc' },
    ]) {
      expect(evaluator.details('flag', context, '')).toMatchObject({
        flagKey: 'flag',
        value: 'B',
        variant: 'b',
        reason: 'DEFAULT',
        contextProblems: [{ code: 'TARGETING_KEY_MISSING' }],
      });
    }
    expect(evaluator.details('flag', { account: { id: 42 } }, '').bucket).toBe(bucket('shared', '42'));
    expect(evaluator.details('flag', { account: { id: 42n } }, '').bucket).toBe(bucket('shared', '42'));
  });

  it('cuts buckets at the rounded thousandth of a percent, and gives the last range its end', () => {
    const variants = Array.from({ length: 7 }, (_, index) => [`v${index}`, index] as const);
    const evaluator = evaluatorOf({
      flag: {
        type: 'number',
        variants: Object.fromEntries(variants),
        fallthrough: { kind: 'split', variants: variants.map(([variant]) => ({ variant, weight: 1 / 3 })) },
      },
    });
    for (let userId = 0; userId < 5000; userId++) {
      const { value, bucket: found } = evaluator.details('flag', { userId }, -1);
      const limits = variants.map((_, index) => Math.round(((index + 1) / 7) * 100_000));
      expect(value).toBe(limits.findIndex((limit) => found! < limit));
    }
  });
});
