import { BUCKETS } from '../document/bucket-count.ts';
import { must } from '../document/must.ts';
import type { Bucketing, BucketRange } from '../document/types.ts';
import { hashLimit } from './bucket.ts';
import type { Murmur3State } from './murmur3.ts';
import { type Dealing, RANGES, type RangeStep, type Step } from './step.ts';

/** How units come into buckets, after the hash of the salt. */
export function dealingOf(by: Bucketing['by'] = 'targetingKey', salt: Murmur3State, buckets?: number): Dealing {
  const [name, ...others] = [by].flat() as [string, ...string[]];
  return { name, ...salt, others: others.length > 0 ? others : undefined, buckets };
}

/** Whether two deal by the same units. */
export function haveSameUnits(one: Dealing, other: Dealing): boolean {
  const [names, others] = [one, other].map(({ name, others = [] }) => [name, ...others]) as [string[], string[]];
  return names.length === others.length && names.every((name, index) => name === others[index]);
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
  return { kind: RANGES, ...dealing, ends, ways, takesTurns: false, missing };
}

/** Leads units in a slot of a layer on to `within`, all others through the gap. */
export function compileSlot(
  dealing: Dealing,
  ends: readonly number[],
  within: Step,
  gap: Step,
  missing: Step,
): RangeStep {
  return { kind: RANGES, ...dealing, ends, ways: [gap, within], takesTurns: true, missing };
}
