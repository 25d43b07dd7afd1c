import { describe, expect, it } from 'vitest';
import { differing, same } from '../../src/diff/same.ts';

describe('two values', () => {
  it.each<[unknown, unknown]>([
    [1, 1],
    ['a', 'a'],
    [null, null],
    [
      { a: 1, b: 2 },
      { b: 2, a: 1 },
    ],
    [{ a: undefined }, {}],
    [
      [1, { a: [] }],
      [1, { a: [] }],
    ],
  ])('%j and %j are the same', (one, other) => {
    expect(same(one, other)).toBe(true);
    expect(same(other, one)).toBe(true);
  });

  it.each<[unknown, unknown]>([
    [1, '1'],
    [null, {}],
    [0, null],
    [{ a: 1 }, { a: 2 }],
    [{ a: 1 }, { b: 1 }],
    [{ a: 1 }, { a: 1, b: 1 }],
    [
      [1, 2],
      [2, 1],
    ],
    [[1], [1, 2]],
    [[], {}],
    [{ a: null }, {}],
    [{ constructor: Object }, {}],
  ])('%j and %j are not', (one, other) => {
    expect(same(one, other)).toBe(false);
    expect(same(other, one)).toBe(false);
  });
});

it('tables differ by name, in the order of the first and then of the second', () => {
  expect(differing({ b: 1, a: 1, c: 1 }, { z: 1, c: 1, a: 2 })).toEqual(['b', 'a', 'z']);
  expect(differing({}, { toString: 1 })).toEqual(['toString']);
});
