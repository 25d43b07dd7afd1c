import type { FlagValue } from '../document/types.ts';
import type { EvaluationDetails } from './details.ts';
import type { Murmur3State } from './murmur3.ts';
import type { RampPercentage } from './ramp.ts';

/**
 * A flag, made ready to answer, is a graph of steps. Each step that asks leads to one of two others, and the last ones
 * answer. `all`, `any` and `not` are only wiring: there is no tree to climb, and no function for each condition. Steps
 * are small objects that hold themselves what is needed most: once there are many flags, waiting for memory is what
 * takes time.
 */
export type Step = AskStep | DealStep | RangeStep | Outcome;

export interface AskStep {
  /** `ANY_CASE` may be added to it. */
  readonly kind: AskKind;
  /** How to read the attribute: see `readAttribute`. */
  readonly slot: number;
  /** The attribute, the segment, or the key of another flag. */
  readonly name: string;
  /** What the attribute is compared with. */
  readonly operand: unknown;
  readonly yes: Step;
  readonly no: Step;
  /**
   * Of ordering operators: the signs of (found - operand) that they accept: 1 less, 2 equal, 4 more. Of equality: the
   * longest operand's length.
   */
  readonly accept: number;
}

/** Buckets decide between two. Holds the state of the hash after the salt. */
export interface DealStep extends Dealing {
  readonly kind: typeof DEAL;
  /** Units with hashes below it get the first outcome, others the second. */
  readonly limit: number;
  readonly first: Outcome;
  readonly second: Outcome;
  /** Without a unit. */
  readonly missing: Outcome;
  /** The first outcome's percentage, where it depends on the time: in place of the limit. */
  readonly ramp: RampPercentage | undefined;
}

/** Leads units on by ranges of their buckets. */
export interface RangeStep extends Dealing {
  readonly kind: typeof RANGES;
  /** The lowest hashes that are above each range but the last, rising. */
  readonly ends: readonly number[];
  /** Where the ranges lead: one more than ends, or two by turns. */
  readonly ways: readonly Step[];
  /** Of a slot, whose ends are those of all who are in it. */
  readonly takesTurns: boolean;
  /** Without a unit. */
  readonly missing: Step;
}

/**
 * One possible answer. All answers of a flag are made when it is compiled; an evaluation only picks one, which is why
 * it allocates nothing.
 */
export interface Outcome {
  readonly kind: typeof ANSWER;
  /** The value if it is a boolean. */
  readonly enabled: boolean | undefined;
  /** Undefined: the caller's fallback. */
  readonly value: FlagValue | undefined;
  readonly details: Omit<EvaluationDetails, 'flagKey' | 'value' | 'bucket' | 'buckets' | 'unitKind' | 'flagMetadata'>;
  /** How it was dealt, if a bucket decided. */
  readonly dealing: Dealing | undefined;
  /** Where it is counted; undefined where nobody counts, and of an answer that all flags share. */
  readonly place: Place | undefined;
}

/** Where an answer is counted. */
export interface Place {
  /** How often it was given since it was told last. The evaluator adds to it once it is above 0. */
  times: number;
}

/** How units come into buckets: the state of the hash after the salt, and what holds the unit. */
export interface Dealing extends Murmur3State {
  /** The attribute that holds the unit. */
  readonly name: string;
  /** Those that are tried after it, in this order. */
  readonly others: readonly string[] | undefined;
  /** How many there are, where a range says so; else 100,000. */
  readonly buckets: number | undefined;
}

export const ANSWER = 0;
export const DEAL = 1;
export const RANGES = 2;
/** The operand is a `Map` of targeting keys to outcomes. */
export const TARGETS = 3;
/** The operand is a pair of instants in Unix milliseconds. */
export const SCHEDULE = 4;
export const SEGMENT = 5;
/** The operand is a list of the other flag's variants. */
export const FLAG = 6;
// From here on they compare an attribute.
export const EXISTS = 7;
export const EQUALITY = 8;
export const NUMBER = 9;
export const INSTANT = 10;
export const CONTAINS = 11;
export const STARTS_WITH = 12;
export const ENDS_WITH = 13;
export const PATTERN = 14;
export const VERSION = 15;
export const NETWORK = 16;
/** Added to one of these: case does not matter. */
export const ANY_CASE = 32;

export type AskKind = 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 13 | 14 | 15 | 16;

export function ask(kind: AskKind, operand: unknown, yes: Step, no: Step, name = '', slot = 0, accept = 0): AskStep {
  return { kind, slot, name, operand, yes, no, accept };
}

export function answer(
  value: FlagValue | undefined,
  details: Outcome['details'],
  place?: Place,
  dealing?: Dealing,
): Outcome {
  return { kind: ANSWER, enabled: typeof value === 'boolean' ? value : undefined, value, details, dealing, place };
}
