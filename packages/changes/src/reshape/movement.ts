import type { BucketRange, Split } from '@clarity/flags-core/document';
import { type Deal, dealOf, merged, sizeOf } from './arms.ts';

/** How many units have another place after a change of a split: each in per cent of all units, 0 to 100. */
export interface Movement {
  /** All whose arm is another: the sum of the other three. */
  readonly moved: number;
  /** From one arm to another. */
  readonly changedArm: number;
  /** From no arm into one. */
  readonly entered: number;
  /** From an arm into none. */
  readonly left: number;
  /** Whether the splits deal by another unit, salt or hash, so that nobody's place says anything about the next one. */
  readonly dealtAnew: boolean;
}

/**
 * What a change of a split moves, computed from the ranges. A unit's place is the arm, by its variant's name, or none:
 * an arm that serves what `otherwise` serves is another place all the same, since only one of the two takes part in the
 * experiment. Splits of other numbers of buckets are compared by the shares that their ranges are of all units. What
 * layers and holdouts keep out is not looked at.
 *
 * Where units are dealt anew the two places are independent of each other: the figures are what is to be expected.
 * Throws as `reshape` does.
 */
export function movement(before: Split, after: Split): Movement {
  const [deal, next] = [dealOf(before), dealOf(after)];
  const dealtAnew = dealingOf(before) !== dealingOf(after);
  const common = dealtAnew ? expected : overlap;
  // Counted in parts so small that both splits' buckets are whole numbers of them: no rounding.
  const [ranges, nextRanges] = [allScaled(deal, next.of), allScaled(next, deal.of)];
  const arms = new Map(next.arms.map((arm) => [arm.variant, scaled(arm.ranges, deal.of)]));
  const all = deal.of * next.of;
  const inBoth = common(ranges, nextRanges, all);
  const stayed = deal.arms.reduce(
    (sum, arm) => sum + common(scaled(arm.ranges, next.of), arms.get(arm.variant) ?? [], all),
    0,
  );
  const percent = (parts: number): number => (parts * 100) / all;
  const [changedArm, entered, left] = [inBoth - stayed, sizeOf(nextRanges) - inBoth, sizeOf(ranges) - inBoth];
  return {
    moved: percent(changedArm + entered + left),
    changedArm: percent(changedArm),
    entered: percent(entered),
    left: percent(left),
    dealtAnew,
  };
}

/** Splits with the same text here have each unit in the same place of all buckets. */
function dealingOf({ by = 'targetingKey', salt, hash = 'murmur3' }: Split): string {
  return JSON.stringify([typeof by === 'string' ? [by] : by, salt, hash]);
}

function allScaled({ arms }: Deal, factor: number): BucketRange[] {
  return scaled(merged(arms.flatMap(({ ranges }) => ranges)), factor);
}

function scaled(ranges: readonly BucketRange[], factor: number): BucketRange[] {
  return ranges.map(([from, to]) => [from * factor, to * factor]);
}

/** How much two lists of ranges have in common, each in order and without overlaps. */
function overlap(ranges: readonly BucketRange[], others: readonly BucketRange[]): number {
  let [common, index, other] = [0, 0, 0];
  while (index < ranges.length && other < others.length) {
    const [from, to] = ranges[index]!;
    const [otherFrom, otherTo] = others[other]!;
    common += Math.max(0, Math.min(to, otherTo) - Math.max(from, otherFrom));
    if (to < otherTo) index++;
    else other++;
  }
  return common;
}

/** How much they have in common when units are dealt to one without regard to the other. */
function expected(ranges: readonly BucketRange[], others: readonly BucketRange[], all: number): number {
  return (sizeOf(ranges) / all) * sizeOf(others);
}
