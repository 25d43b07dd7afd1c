import { BUCKETS } from '../document/bucket-count.ts';
import { isRanged } from '../document/is-ranged.ts';
import type { Ramp, RangedSplit, Split } from '../document/types.ts';
import { limitsOf, threshold } from './bucket.ts';
import { compileRamp } from './ramp.ts';

/** The buckets that have a variant: from `from` up to, and without, `to`, of as many as the split has. */
export interface VariantRange {
  /** Null: the caller's fallback. */
  readonly variant: string | null;
  readonly from: number;
  readonly to: number;
}

/**
 * How a split or a ramp cuts the buckets at a time in Unix milliseconds, in the order of buckets. Of 100,000 buckets,
 * 1,000 are one per cent. Gaps that go on to the next rule are left out. Of an experiment those units count that are
 * neither held out nor in another slot.
 */
export function rangesOf(dealing: Split | Ramp, nowMs: number): VariantRange[] {
  if (dealing.kind === 'split' && isRanged(dealing)) return withGaps(dealing);
  const isRamp = dealing.kind === 'ramp';
  const variants = isRamp ? [dealing.variant, dealing.otherwise] : dealing.variants.map(({ variant }) => variant);
  const limits = isRamp
    ? [threshold(compileRamp(dealing)(nowMs)), BUCKETS]
    : limitsOf(dealing.variants.map(({ weight }) => weight));
  return variants.map((variant, index) => ({ variant, from: limits[index - 1] ?? 0, to: limits[index]! }));
}

function withGaps({ variants, otherwise, of = BUCKETS }: RangedSplit): VariantRange[] {
  const arms = variants.flatMap(({ variant, ranges }) => ranges.map(([from, to]) => ({ variant, from, to })));
  const all: VariantRange[] = [];
  let reached = 0;
  const gapTo = (from: number): void => {
    if (from > reached && otherwise !== undefined) all.push({ variant: otherwise, from: reached, to: from });
  };
  for (const arm of arms.toSorted((one, other) => one.from - other.from)) {
    gapTo(arm.from);
    all.push(arm);
    reached = arm.to;
  }
  gapTo(of);
  return all;
}
