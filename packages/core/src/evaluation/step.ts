import type { FlagValue } from '../document/types.ts';
import type { EvaluationDetails } from './details.ts';
import type { Murmur3State } from './murmur3.ts';
import type { RampPercentage } from './ramp.ts';

/**
 * A flag, made ready to answer, is a graph of steps. Each step of a condition leads to one of two others, and the last ones answer. `all`, `any` and
 * `not` are only wiring: there is no tree to climb, and no function for each condition. All steps have one shape, and hold themselves what is needed
 * most, because following a reference is what takes time once there are many flags. A step that deals is the state of its hash after the salt.
 */
export interface Step extends Dealing {
  /** One of the constants below. */
  readonly kind: number;
  /** How to read the attribute: see `readPlain`. */
  readonly slot: number;
  /** What the attribute is compared with; of the last steps, the answer or how it is dealt. */
  readonly operand: unknown;
  /** Of ordering operators: the signs of (found - operand) that they accept: 1 less, 2 equal, 4 more. */
  readonly accept: number;
  readonly ignoreCase: boolean;
  readonly yes: Step | undefined;
  readonly no: Step | undefined;
  /** Of a step that deals: units in buckets below the limit get the first outcome; others the second, unless there are more. */
  readonly limit: number;
  readonly first: Outcome | undefined;
  readonly second: Outcome | undefined;
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

/** The attribute that holds the unit, and the state of the hash after the salt. */
export interface Dealing extends Murmur3State {
  readonly name: string;
}

/** How a step deals, beside what stands in the step. */
export interface Deal {
  /** Without a unit. */
  readonly missing: Outcome;
  /** More than two outcomes, or two that depend on the time. */
  readonly outcomes: readonly Outcome[];
  /** Upper ends of their ranges of buckets, rising, each exclusive. */
  readonly limits: readonly number[];
  /** The first outcome's percentage, where it depends on the time. */
  readonly ramp: RampPercentage | undefined;
}

/** Parts that are left out have no meaning for the kind. */
export function step(kind: number, operand: unknown, rest?: Partial<Step>): Step {
  return {
    kind,
    slot: 0,
    limit: 0,
    hash: 0,
    pending: 0,
    bits: 0,
    length: 0,
    accept: 0,
    ignoreCase: false,
    name: '',
    operand,
    yes: undefined,
    no: undefined,
    first: undefined,
    second: undefined,
    ...rest,
  };
}
