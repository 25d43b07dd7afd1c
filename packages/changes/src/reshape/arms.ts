import { rangesOf } from '@clarity/flags-core/definition';
import type { BucketRange, RangedSplit, Split, WeightedSplit } from '@clarity/flags-core/document';
import { shown } from './shown.ts';

/** Who has which buckets of a split. Buckets of no arm are the gap. */
export interface Deal {
  /** How many buckets there are. */
  readonly of: number;
  readonly arms: readonly Arm[];
}

export interface Arm {
  readonly variant: string;
  /** In order, none empty, and no two of them touch. */
  readonly ranges: readonly BucketRange[];
}

const DEFAULT_OF = 100_000;
const MOST_BUCKETS = 1_000_000;

/**
 * The arms of a split, each variant once. Weights become the ranges that evaluation cuts them into. Throws a RangeError
 * for what no decoder lets through: overlapping ranges, say.
 */
export function dealOf(split: Split): Deal {
  if (!isRanged(split)) return { of: DEFAULT_OF, arms: armsOf(cut(split)) };
  const of = split.of ?? DEFAULT_OF;
  if (!isIntegerUpTo(of, 1, MOST_BUCKETS)) throw wrong('of', of, `an integer from 1 to ${MOST_BUCKETS}`);
  const ranges = split.variants.flatMap(({ variant, ranges: own }) => own.map((range) => [variant, range] as const));
  for (const [variant, range] of ranges) checkRange(variant, range, of);
  checkDisjoint(ranges);
  const none = split.variants.map(({ variant }) => [variant, [0, 0]] as const);
  return { of, arms: armsOf([...none, ...ranges]) };
}

/** Whether a split deals by ranges. */
export function isRanged(split: Split): split is RangedSplit {
  return split.variants.every((arm) => 'ranges' in arm);
}

export function sizeOf(ranges: readonly BucketRange[]): number {
  return ranges.reduce((size, [from, to]) => size + to - from, 0);
}

/** Sorted, without empty ones, and those that touch made one. They may not overlap. */
export function merged(ranges: readonly BucketRange[]): BucketRange[] {
  const whole: [number, number][] = [];
  for (const [from, to] of ranges.toSorted((one, other) => one[0] - other[0])) {
    if (from === to) continue;
    const last = whole.at(-1);
    if (last?.[1] === from) last[1] = to;
    else whole.push([from, to]);
  }
  return whole;
}

/** The buckets of no arm, in order. */
export function gapOf({ of, arms }: Deal): BucketRange[] {
  const taken = merged(arms.flatMap(({ ranges }) => ranges));
  return merged([...taken, [of, of] as const].map(([from], index) => [taken[index - 1]?.[1] ?? 0, from]));
}

type Owned = readonly [variant: string, range: BucketRange];

function cut(split: WeightedSplit): Owned[] {
  for (const [index, { weight }] of split.variants.entries()) {
    if (!(Number.isFinite(weight) && weight >= 0)) {
      throw wrong(`variants[${index}].weight`, weight, 'a finite number from 0');
    }
  }
  if (!split.variants.some(({ weight }) => weight > 0)) {
    throw new RangeError('no weight of the split is above 0; allowed is at least one: give a variant a weight');
  }
  return rangesOf(split, 0).map(({ variant, from, to }) => [variant!, [from, to]]);
}

function armsOf(owned: readonly Owned[]): Arm[] {
  const arms = new Map<string, BucketRange[]>();
  for (const [variant, range] of owned) {
    const ranges = arms.get(variant);
    if (ranges === undefined) arms.set(variant, [range]);
    else ranges.push(range);
  }
  return [...arms].map(([variant, ranges]) => ({ variant, ranges: merged(ranges) }));
}

function checkRange(variant: string, range: BucketRange, of: number): void {
  const [from, to] = range;
  if (isIntegerUpTo(from, 0, of) && isIntegerUpTo(to, from, of)) return;
  throw wrong(`a range of ${shown(variant)}`, range, `two integers from 0 to ${of}, the smaller first`);
}

function checkDisjoint(ranges: readonly Owned[]): void {
  const sorted = ranges.filter(([, [from, to]]) => from < to).toSorted((one, other) => one[1][0] - other[1][0]);
  for (const [index, [variant, range]] of sorted.entries()) {
    const before = sorted[index - 1];
    if (before === undefined || before[1][1] <= range[0]) continue;
    throw new RangeError(
      `a range of ${shown(before[0])} is ${shown(before[1])}, one of ${shown(variant)} is ${shown(range)}; ` +
        'allowed are ranges that do not overlap: give each bucket to one variant',
    );
  }
}

function isIntegerUpTo(value: number, least: number, most: number): boolean {
  return Number.isSafeInteger(value) && value >= least && value <= most;
}

function wrong(name: string, value: unknown, allowed: string): RangeError {
  return new RangeError(`${name} is ${shown(value)}; allowed is ${allowed}`);
}
