import { describe, expect, it } from 'vitest';
import { Pool } from '../../src/reshape/pool.ts';

describe('what was given up', () => {
  it('is taken as a piece of just the size, the last of several', () => {
    const pool = new Pool([
      [0, 5],
      [10, 12],
      [20, 22],
      [30, 40],
    ]);
    expect(pool.takeExact(3)).toBeUndefined();
    expect(pool.takeExact(2)).toEqual([20, 22]);
    expect(pool.takeExact(2)).toEqual([10, 12]);
    expect(pool.takeExact(2)).toBeUndefined();
    expect(pool.takeExact(10)).toEqual([30, 40]);
    expect(pool.takeExact(10)).toBeUndefined();
  });

  it('is taken from the start of the largest piece, the first of several', () => {
    const pool = new Pool([
      [0, 5],
      [10, 20],
      [30, 40],
      [50, 57],
    ]);
    expect(pool.takeLargest(4)).toEqual([10, 14]);
    expect(pool.takeLargest(4)).toEqual([30, 34]);
    // What is left of a piece finds its place among the others.
    expect(pool.takeLargest(9)).toEqual([50, 57]);
    expect(pool.takeExact(6)).toEqual([34, 40]);
    expect(pool.takeLargest(1)).toEqual([14, 15]);
    expect(pool.takeLargest(9)).toEqual([0, 5]);
    expect(pool.takeLargest(9)).toEqual([15, 20]);
  });
});
