import { BUCKETS } from '../document/bucket-count.ts';
import { must } from '../document/must.ts';
import type { Bucketing, BucketRange, Layer } from '../document/types.ts';
import { hashLimit, saltState } from './bucket.ts';
import { type Dealing, RANGES, type RangeStep, type Step } from './step.ts';

/** How units come into buckets under `salt`. */
export function dealingOf(by: Bucketing['by'] = 'targetingKey', salt: string, buckets?: number): Dealing {
  const [name, ...others] = [by].flat() as [string, ...string[]];
  return { name, ...saltState(salt), others: others.length > 0 ? others : undefined, buckets };
}

/** The same where ranges say how many buckets there are. */
export function rangedDealing({ by, of = BUCKETS }: Pick<Layer, 'by' | 'of'>, salt: string): Dealing {
  return dealingOf(by, salt, of);
}

/** A range of buckets, and where it leads. */
export type Way = readonly [range: BucketRange, to: Step];

/** Leads units by the ranges that hold their buckets, all others through the gap. Throws for ranges that overlap. */
export function compileRanges(dealing: Dealing, given: readonly Way[], gap: Step, missing: Step): RangeStep {
  const { buckets = BUCKETS } = dealing;
  const ends: number[] = [];
  const ways: Step[] = [];
  let reached = 0;
  const leadTo = (end: number, way: Step): void => {
    if (end === reached) return;
    must(end > reached && end <= buckets);
    ends.push(hashLimit(end, buckets));
    ways.push(way);
    reached = end;
  };
  for (const [[from, to], way] of given.toSorted(([one], [other]) => one[0] - other[0])) {
    leadTo(from, gap);
    leadTo(to, way);
  }
  leadTo(buckets, gap);
  ends.pop();
  return { kind: RANGES, ...dealing, ends, ways, missing };
}
