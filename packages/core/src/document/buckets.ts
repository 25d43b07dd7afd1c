/** The form of what brings units into buckets, and of ranges of buckets. */
import { BUCKETS, MAX_BUCKETS } from './bucket-count.ts';
import { also, type Check, type Form, type Inspection, list, MAX_PROBLEMS, record, word } from './inspection.ts';
import { isObject } from './is-object.ts';
import { problemAt } from './problem-at.ts';
import type { Bucketing, BucketRange, Holdout } from './types.ts';
import { integer, name, text } from './values.ts';
import { HASHES } from './words.ts';

const MAX_UNITS = 8;

const names = also<readonly string[]>(
  list(name),
  `one to ${MAX_UNITS} different attributes`,
  (units) => units.length > 0 && units.length <= MAX_UNITS && new Set(units).size === units.length,
);
const by: Check = (value, at) => (Array.isArray(value) ? names : name)(value, at);

/** The members that say how units come into buckets. */
export const dealing = { 'by?': by, 'salt?': text, 'hash?': word(HASHES) } satisfies Form<
  Pick<Holdout, 'by' | 'salt' | 'hash'>
>;

export const of = integer(1, MAX_BUCKETS);

/** How many buckets there are in a part. Where that is wrong, ranges are held to the most that it could be. */
export function bucketsOf(part: unknown): number {
  const given = isObject(part) ? part['of'] : undefined;
  if (given === undefined) return BUCKETS;
  return Number.isSafeInteger(given) ? Number(given) : MAX_BUCKETS;
}

const bucket = integer(0, MAX_BUCKETS);

/** A range of as many buckets as there are. */
const range: Check = (value, at) => {
  if (!Array.isArray(value) || value.length !== 2) {
    at.report(value, 'a list of two, the first bucket and the one after the last');
    return;
  }
  const before = at.problems.length;
  at.within(0, bucket, value[0]);
  at.within(1, bucket, value[1]);
  if (at.problems.length === before) at.within(1, (end) => checkEnd(value[0] as number, end as number, at), value[1]);
};
function checkEnd(from: number, to: number, at: Inspection): void {
  if (to <= from || to > at.buckets)
    at.report(to, `more than ${from} and at most ${at.buckets}, the number of buckets`, true);
}
export const ranges = list(range);

/** Ranges, and where they stand. */
export interface PlacedRanges {
  readonly steps: readonly (string | number)[];
  readonly ranges: readonly BucketRange[];
}

/**
 * Reports ranges that share buckets with one before them in the order of buckets, as many as are told of a document.
 * Takes ranges that are sound.
 */
export function checkDisjoint(placed: readonly PlacedRanges[], at: Inspection): void {
  const all = placed.flatMap(({ steps, ranges: several }) =>
    several.map(([from, to], index) => ({ from, to, steps: [...steps, index] })),
  );
  all.sort((one, other) => one.from - other.from || one.to - other.to);
  let furthest = all[0];
  let told = 0;
  for (const one of all.slice(1)) {
    if (one.from < furthest!.to) {
      if (told++ === MAX_PROBLEMS) return;
      const found = `[${one.from}, ${one.to}], which shares buckets with [${furthest!.from}, ${furthest!.to}]`;
      at.along(one.steps, () => at.add(problemAt(at.path, found, 'buckets that no other range has'), at.steps));
    }
    if (one.to > furthest!.to) furthest = one;
  }
}

export const bucketingForm: Form<Bucketing> = {
  'by?': dealing['by?'],
  salt: text,
  'hash?': dealing['hash?'],
  'of?': of,
  from: bucket,
  to: bucket,
};
const bucketingMembers = record(bucketingForm);

/** What a condition on buckets asks for. */
export const bucketing: Check = (value, at) => {
  const before = at.problems.length;
  bucketingMembers(value, at);
  if (at.problems.length > before || at.newer !== undefined) return;
  const { from, to } = value as Bucketing;
  at.buckets = bucketsOf(value);
  at.within('to', (end) => checkEnd(from, end as number, at), to);
};
