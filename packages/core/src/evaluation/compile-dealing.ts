import { BUCKETS } from '../document/bucket-count.ts';
import { must } from '../document/must.ts';
import type { Bucketing, BucketRange, Layer } from '../document/types.ts';
import { hashLimit, saltState } from './bucket.ts';
import { type Dealing, RANGES, type RangeStep, type Step } from './step.ts';

/** How units come into buckets under `salt`. */
export function dealingOf(by: Bucketing['by'] = 'targetingKey', salt: string): Dealing {
  const [name, ...others] = [by].flat() as [string, ...string[]];
  return { name, ...saltState(salt), others: others.length > 0 ? others : undefined, buckets: undefined };
}

/** A dealing that says how many buckets it has. */
export type RangedDealing = Dealing & { readonly buckets: number };

/** How units come into ranges of buckets under `salt`. */
export function rangedDealing({ by, of = BUCKETS }: Pick<Layer, 'by' | 'of'>, salt: string): RangedDealing {
  return { ...dealingOf(by, salt), buckets: of };
}

/** A range of buckets, and where it leads. */
export type Way = readonly [range: BucketRange, to: Step];

/** Leads units by the ranges that hold their buckets, and all others through the gap. Throws for ranges that overlap. */
export function compileRanges(dealing: RangedDealing, given: readonly Way[], gap: Step, missing: Step): RangeStep {
  const ends: number[] = [];
  const ways: Step[] = [];
  let reached = 0;
  const leadTo = (end: number, way: Step): void => {
    if (end === reached) return;
    must(end > reached && end <= dealing.buckets);
    ends.push(hashLimit(end, dealing.buckets));
    ways.push(way);
    reached = end;
  };
  for (const [[from, to], way] of given.toSorted(([one], [other]) => one[0] - other[0])) {
    leadTo(from, gap);
    leadTo(to, way);
  }
  leadTo(dealing.buckets, gap);
  ends.pop();
  return { kind: RANGES, ...dealing, ends, ways, missing };
}
