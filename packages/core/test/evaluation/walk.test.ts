import { describe, expect, it } from 'vitest';
import type { FlagDocument, LongFlag, Split } from '../../src/document/types.ts';
import { BUCKETS } from '../../src/document/bucket-count.ts';
import { bucket, hashLimit, saltState } from '../../src/evaluation/bucket.ts';
import { createEvaluator } from '../../src/evaluation/evaluator.ts';
import { continueMurmur3 } from '../../src/evaluation/murmur3.ts';
import { evaluatorOf, meets } from './documents.ts';

const SALT = 'ends';

/** The first unit, counted from 0, that is as it is wanted. */
function unitThat(is: (unit: string) => boolean): string {
  let unit = 0;
  while (!is(String(unit))) unit += 1;
  return String(unit);
}

function served(fallthrough: LongFlag['fallthrough'], unit: string, nowMs = 0): unknown {
  const variants = { a: 'a', b: 'b', c: 'c' };
  const evaluator = evaluatorOf({ dealt: { type: 'string', salt: SALT, variants, fallthrough } }, {}, () => nowMs);
  return evaluator.value('dealt', { targetingKey: unit }, 'none');
}

function split(...weights: readonly number[]): Split {
  const names = ['a', 'b', 'c'];
  return { kind: 'split', variants: weights.map((weight, index) => ({ variant: names[index]!, weight })) };
}

describe('a share of buckets', () => {
  it('ends before the bucket that the next one begins with', () => {
    const below = unitThat((unit) => bucket(SALT, unit) === 29_999);
    const from = unitThat((unit) => bucket(SALT, unit) === 30_000);
    expect([below, from].map((unit) => served(split(30, 70), unit))).toEqual(['a', 'b']);
    expect([below, from].map((unit) => served(split(30, 30, 40), unit))).toEqual(['a', 'b']);
    expect([below, from].map((unit) => served(split(10, 20, 70), unit))).toEqual(['b', 'c']);
  });

  it('ends before the first hash of that bucket', () => {
    const unit = unitThat((one) => {
      const hash = continueMurmur3(saltState(SALT), one) >>> 0;
      return hash === hashLimit(bucket(SALT, one));
    });
    const first = bucket(SALT, unit);
    expect(served(split(first, BUCKETS - first), unit)).toBe('b');
    expect(served(split(first + 1, BUCKETS - first - 1), unit)).toBe('a');
  });

  it('of a ramp ends before the bucket at its percentage', () => {
    const point = { at: '2026-01-01T00:00:00Z', percentage: 30 };
    const ramp = { kind: 'ramp', variant: 'a', otherwise: 'b', curve: 'steps', points: [point] } as const;
    const units = [29_999, 30_000].map((wanted) => unitThat((unit) => bucket(SALT, unit) === wanted));
    expect(units.map((unit) => served(ramp, unit, Date.parse(point.at)))).toEqual(['a', 'b']);
  });

  it('may have a weight below one, and needs one above zero', () => {
    const unit = unitThat((one) => bucket(SALT, one) === 0);
    expect(served(split(0.25, 0.5), unit)).toBe('a');
    const flag: LongFlag = {
      type: 'boolean',
      fallthrough: { kind: 'split', variants: [{ variant: 'on', weight: 0 }] },
    };
    // As no decoder that looks at every part would give it.
    const document: FlagDocument = { schemaVersion: 1, flags: { flag } };
    expect(createEvaluator(document).details('flag', { targetingKey: unit }, true)).toMatchObject({
      value: true,
      errorCode: 'PARSE_ERROR',
    });
  });
});

describe('a list in the context', () => {
  const holds = (index: number): boolean =>
    meets(
      { attribute: 'groups', op: 'equals', value: 'staff' },
      { groups: Array.from({ length: 1_002 }, (_, at) => (at === index ? 'staff' : 'other')) },
    );

  it('is looked at from its first element to its thousandth, and no further', () => {
    expect([0, 1, 999, 1_000, 1_001].map(holds)).toEqual([true, true, true, false, false]);
  });

  it('that is empty meets nothing', () => {
    expect(meets({ attribute: 'groups', op: 'in', value: [''] }, { groups: [] })).toBe(false);
  });
});

describe('a long text in the context', () => {
  it('is compared as a whole, and searched up to 2,048 characters', () => {
    const found = (length: number) => ({ note: 'X'.repeat(length) });
    const value = 'x'.repeat(3_000);
    expect(meets({ attribute: 'note', op: 'equals', value, ignoreCase: true }, found(3_000))).toBe(true);
    expect(meets({ attribute: 'note', op: 'equals', value: 'X'.repeat(3_000) }, found(3_000))).toBe(true);
    expect(meets({ attribute: 'note', op: 'exists' }, found(3_000))).toBe(true);
    const contains = (length: number): boolean =>
      meets({ attribute: 'note', op: 'contains', value: 'XX' }, found(length));
    expect([2_048, 2_049].map(contains)).toEqual([true, false]);
  });
});
