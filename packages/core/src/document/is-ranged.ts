import type { RangedSplit, Split } from './types.ts';

/** Whether a split of a decoded document deals by ranges, and not by weights. */
export function isRanged(split: Split): split is RangedSplit {
  return 'ranges' in split.variants[0]!;
}
