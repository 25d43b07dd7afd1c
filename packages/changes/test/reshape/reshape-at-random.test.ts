import type { RangedSplit } from '@clarity/flags-core/document';
import { describe, expect, it } from 'vitest';
import { runSeed, sized } from '../../../../scripts/drawn-tests.ts';
import { type Random, seededRandom } from '../../../core/test/document/random.ts';
import { movement, reshape, type WantedShape } from '../../src/index.ts';
import { leastOf, ownersOf, sizesOf } from './places.ts';

const START: RangedSplit = {
  kind: 'split',
  variants: [
    { variant: 'a', ranges: [[0, 5_000]] },
    { variant: 'b', ranges: [[5_000, 10_000]] },
  ],
  otherwise: 'off',
};

/** What somebody wants of a split over time, of which one thing changes at a time, or all. */
class Wishes {
  coverage = 10;
  weights: Readonly<Record<string, number>> = { a: 1, b: 1 };
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  /** Any coverage and weights, for any of `names`. */
  draw(names: readonly string[], kind: 'coverage' | 'weights' | 'both'): WantedShape {
    if (kind !== 'weights') this.coverage = (1 + this.#random.integer(100_000)) / 1_000;
    if (kind !== 'coverage') {
      const present = names.filter(() => this.#random.chance(0.7));
      const arms = present.length > 0 ? present : names;
      this.weights = Object.fromEntries(arms.map((name) => [name, 1 + this.#random.integer(99)]));
    }
    return { weights: this.weights, coverage: this.coverage };
  }

  /** Up to ten per cent more or less of all, and of one arm, as somebody does who looks at results each day. */
  step(names: readonly string[]): WantedShape {
    const near = (value: number): number => Math.min(100, Math.max(1, value + this.#random.integer(21) - 10));
    this.coverage = near(this.coverage);
    const arm = this.#random.pick(names);
    const all = Object.fromEntries(names.map((name) => [name, this.weights[name] ?? 50]));
    this.weights = { ...all, [arm]: near(all[arm]!) };
    return { weights: this.weights, coverage: this.coverage };
  }
}

/** Per cent of all units by variant. */
function sharesOf(split: RangedSplit): Record<string, number> {
  const { of = 100_000 } = split;
  return Object.fromEntries(Object.entries(sizesOf(split)).map(([name, size]) => [name, (size * 100) / of]));
}

function exactShares({ weights = {}, coverage = 0 }: WantedShape): Record<string, number> {
  const sum = Object.values(weights).reduce((total, weight) => total + weight, 0);
  return Object.fromEntries(Object.entries(weights).map(([name, weight]) => [name, (coverage * weight) / sum]));
}

describe('many changes', () => {
  it('move no more than they must, each of them', () => {
    const seed = runSeed();
    const random = seededRandom(seed);
    for (let sequence = 0; sequence < sized(100, 1_000); sequence++) {
      const wishes = new Wishes(random);
      let before = START;
      for (let change = 0; change < 20; change++) {
        const wanted = wishes.draw(['a', 'b', 'c', 'd'], random.pick(['coverage', 'weights', 'both']));
        const after = reshape(before, wanted);
        const told = JSON.stringify({ SEED: seed, sequence, change, before, wanted });
        const { moved } = movement(before, after);
        expect(moved, told).toBeLessThanOrEqual(leastOf(sharesOf(before), exactShares(wanted)) + 0.1);
        // To the bucket: what is there now could not have come about by less.
        expect(moved, told).toBeCloseTo(leastOf(sharesOf(before), sharesOf(after)), 9);
        for (const [name, share] of Object.entries(exactShares(wanted))) {
          expect(Math.abs(sharesOf(after)[name]! - share), told).toBeLessThan(0.001_001);
        }
        before = after;
      }
    }
  });

  it('move nobody from arm to arm while coverage alone grows or shrinks', () => {
    const seed = runSeed();
    const random = seededRandom(seed);
    for (let sequence = 0; sequence < sized(100, 1_000); sequence++) {
      const wishes = new Wishes(random);
      let before = reshape(START, wishes.draw(['a', 'b', 'c', 'd'], 'both'));
      // Said again each time, or left to what is there.
      const saysWeights = random.chance(0.5);
      for (let change = 0; change < 20; change++) {
        const { weights, coverage } = wishes.draw([], 'coverage');
        const after = reshape(before, { coverage: coverage!, ...(saysWeights && { weights: weights! }) });
        const { changedArm, entered, left } = movement(before, after);
        const told = JSON.stringify({ SEED: seed, sequence, change, saysWeights, weights, coverage, before });
        expect(changedArm, told).toBe(0);
        expect(entered === 0 || left === 0, told).toBe(true);
        before = after;
      }
    }
  });

  it('give each bucket to one arm at most, in merged ranges', () => {
    const seed = runSeed();
    const random = seededRandom(seed);
    for (let sequence = 0; sequence < sized(200, 5_000); sequence++) {
      const wishes = new Wishes(random);
      const of = 1 + random.integer(60);
      let split: RangedSplit = { ...START, of, variants: [] };
      for (let change = 0; change < 20; change++) {
        split = reshape(split, wishes.draw(['a', 'b', 'c', 'd', 'e'], random.pick(['both', 'coverage'])));
        const told = JSON.stringify({ SEED: seed, sequence, change, split });
        const sizes = Object.values(sizesOf(split)).reduce((sum, size) => sum + size, 0);
        expect(ownersOf(split).filter((owner) => owner !== undefined).length, told).toBe(sizes);
        expect(sizes, told).toBe(Math.round((wishes.coverage * of) / 100));
        for (const { ranges } of split.variants) {
          for (const [index, [from, to]] of ranges.entries()) {
            expect(from < to && from > (ranges[index - 1]?.[1] ?? -1) && to <= of, told).toBe(true);
          }
        }
      }
    }
  });

  it.each([
    { arms: ['a', 'b'], how: 'draw' },
    { arms: ['a', 'b', 'c'], how: 'draw' },
    { arms: ['a', 'b', 'c', 'd'], how: 'draw' },
    { arms: ['a', 'b'], how: 'step' },
    { arms: ['a', 'b', 'c'], how: 'step' },
    { arms: ['a', 'b', 'c', 'd'], how: 'step' },
  ] as const)('leave about a dozen ranges after a hundred: $how, $arms', ({ arms, how }) => {
    const seed = runSeed();
    const random = seededRandom(seed);
    const counts = Array.from({ length: sized(40, 1_000) }, () => {
      const wishes = new Wishes(random);
      let split = START;
      for (let change = 0; change < 100; change++) {
        split = reshape(split, how === 'draw' ? wishes.draw(arms, 'both') : wishes.step(arms));
      }
      return split.variants.reduce((sum, { ranges }) => sum + ranges.length, 0);
    }).sort((one, other) => one - other);
    expect(counts[Math.floor(counts.length / 2)], `SEED=${seed}`).toBeLessThanOrEqual(12);
    expect(counts[Math.floor(counts.length * 0.95)], `SEED=${seed}`).toBeLessThanOrEqual(24);
  });
});
