import type { Ramp, Split } from '../document/types.ts';
import { BUCKETS, limitsOf, threshold } from './bucket.ts';
import { compileRamp } from './ramp.ts';

/** The buckets that have a variant: from `from` up to, and without, `to`, of 100,000. */
export interface VariantRange {
  /** Null: the caller's fallback. */
  readonly variant: string | null;
  readonly from: number;
  readonly to: number;
}

/** How a split or a ramp cuts the buckets at a time in Unix milliseconds. 1,000 buckets are one per cent. */
export function rangesOf(dealing: Split | Ramp, nowMs: number): VariantRange[] {
  const isRamp = dealing.kind === 'ramp';
  const variants = isRamp ? [dealing.variant, dealing.otherwise] : dealing.variants.map(({ variant }) => variant);
  const limits = isRamp
    ? [threshold(compileRamp(dealing)(nowMs)), BUCKETS]
    : limitsOf(dealing.variants.map(({ weight }) => weight));
  return variants.map((variant, index) => ({ variant, from: limits[index - 1] ?? 0, to: limits[index]! }));
}
