/**
 * The words that a flag document chooses from. The compiler holds each table to its type in `types.ts`, and a test
 * holds the published schema to the tables: a new word is added in all three, or nothing compiles.
 */
import type { FlagType, OperatorName, Ramp, RangedSplit, ShortFlag, Split } from './types.ts';

type Words<Word extends string> = Readonly<Record<Word, true>>;

export const STATUSES: Words<ShortFlag['status']> = { enabled: true, disabled: true, beta: true, canary: true };
export const FLAG_TYPES: Words<FlagType> = { boolean: true, string: true, number: true, object: true };
export const DEALINGS: Words<(Split | Ramp)['kind']> = { split: true, ramp: true };
export const HASHES: Words<NonNullable<Split['hash']>> = { murmur3: true };
export const GAPS: Words<NonNullable<RangedSplit['gaps']>> = { continue: true };
export const CURVES: Words<Ramp['curve']> = { steps: true, linear: true };

/** Each operator, and whether it compares text and so knows what it is to ignore its case. */
export const OPERATORS: Readonly<Record<OperatorName, 'text' | 'other'>> = {
  exists: 'other',
  equals: 'text',
  in: 'text',
  contains: 'text',
  startsWith: 'text',
  endsWith: 'text',
  matches: 'text',
  lessThan: 'other',
  atMost: 'other',
  greaterThan: 'other',
  atLeast: 'other',
  before: 'other',
  after: 'other',
  semverEquals: 'other',
  semverLessThan: 'other',
  semverAtMost: 'other',
  semverGreaterThan: 'other',
  semverAtLeast: 'other',
  inNetwork: 'other',
};

/** The operators that compare text. */
export const TEXT_OPERATORS: readonly string[] = /* @__PURE__ */ Object.entries(OPERATORS)
  .filter(([, compares]) => compares === 'text')
  .map(([operator]) => operator);
