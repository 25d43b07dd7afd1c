import type { FlagValue } from '../document/types.ts';
import type { EvaluationDetails } from './details.ts';
import type { Murmur3State } from './murmur3.ts';
import type { RampPercentage } from './ramp.ts';

/**
 * A flag, made ready to answer, is a graph of steps. Each step of a condition leads to one of two others, and the last ones answer. `all`, `any` and
 * `not` are only wiring: there is no tree to climb, and no function for each condition, which is what makes an evaluation fast.
 */
export interface Step {
  /** One of the constants below. One shape and one switch over numbers for all. */
  readonly kind: number;
  /** The attribute or the segment. */
  readonly name: string;
  /** How to read the attribute: see `readPlain`. */
  readonly slot: number;
  /** What the attribute is compared with; of the last steps, the answer or how it is dealt. */
  readonly operand: unknown;
  /** Of ordering operators: the signs of (found - operand) that they accept: 1 less, 2 equal, 4 more. */
  readonly accept: number;
  readonly ignoreCase: boolean;
  readonly yes: Step | undefined;
  readonly no: Step | undefined;
}

/** The last steps: an `Outcome`, or a `Deal`. */
export const ANSWER = 0;
export const DEAL = 1;
/** A `Map` of targeting keys to outcomes. */
export const TARGETS = 2;
/** Instants in Unix milliseconds between which it goes on. */
export const SCHEDULE = 3;
export const SEGMENT = 4;
export const EXISTS = 5;
export const EQUALITY = 6;
export const NUMBER = 7;
export const INSTANT = 8;
export const CONTAINS = 9;
export const STARTS_WITH = 10;
export const ENDS_WITH = 11;
export const PATTERN = 12;
export const VERSION = 13;
export const NETWORK = 14;

/**
 * One possible answer. All answers of a flag are made when it is compiled; an evaluation only picks one, which is why it allocates nothing.
 */
export interface Outcome {
  /** Undefined: the caller's fallback. */
  readonly value: FlagValue | undefined;
  /** The value if it is a boolean. */
  readonly enabled: boolean | undefined;
  readonly details: Omit<EvaluationDetails, 'flagKey' | 'value' | 'bucket' | 'flagMetadata'>;
  /** How it was dealt, if a bucket decided. */
  readonly dealing: Dealing | undefined;
}

/** Which unit is dealt with, and under which salt. */
export interface Dealing {
  /** The attribute. */
  readonly by: string;
  readonly salt: Murmur3State;
}

/** Outcomes by ranges of buckets. */
export interface Deal extends Dealing {
  readonly outcomes: readonly Outcome[];
  /** Upper ends of the ranges, rising, each exclusive. */
  readonly limits: readonly number[];
  /** The first outcome's percentage, where it depends on the time. */
  readonly ramp: RampPercentage | undefined;
  /** Without a unit. */
  readonly missing: Outcome;
}

export function step(kind: number, operand: unknown, rest: Partial<Step> = {}): Step {
  const { name = '', slot = 0, accept = 0, ignoreCase = false, yes, no } = rest;
  return { kind, name, slot, operand, accept, ignoreCase, yes, no };
}
