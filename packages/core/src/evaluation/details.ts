import type { FlagValue, JsonObject } from '../document/types.ts';
import type { ExperimentPart } from './experiment-part.ts';

/** Why a value was served. OpenFeature's words, and `PREREQUISITE_FAILED`. */
export type EvaluationReason =
  /** Everyone gets this value. */
  | 'STATIC'
  /** A target or a rule decided. */
  | 'TARGETING_MATCH'
  /** The unit's bucket decided. */
  | 'SPLIT'
  /** The flag is disabled, or outside its schedule. */
  | 'DISABLED'
  /** No target and no rule decided, or there was no unit to deal with. */
  | 'DEFAULT'
  | 'PREREQUISITE_FAILED'
  /** The fallback was served; `errorCode` says why. */
  | 'ERROR';

/** OpenFeature's error codes that evaluation can give. */
export type EvaluationErrorCode =
  | 'FLAG_NOT_FOUND'
  /** This version cannot read the flag. */
  | 'PARSE_ERROR'
  | 'TYPE_MISMATCH'
  /** Reading the evaluation context threw. */
  | 'INVALID_CONTEXT'
  /** There is no flag document yet. */
  | 'PROVIDER_NOT_READY'
  | 'GENERAL';

/**
 * Something in the context that a flag asked for and could not use. The answer stands: such a comparison is false, and
 * without a unit the off variant is served. Here it is said, so that nobody has to guess.
 */
export interface ContextProblem {
  /**
   * `TARGETING_KEY_MISSING`: there is no usable unit to deal with, or to find among targets. `INVALID_CONTEXT`: a value
   * has another form than the operator compares. `NOT_LOOKED_AT`: more than a bound of evaluation allows.
   */
  readonly code: 'TARGETING_KEY_MISSING' | 'INVALID_CONTEXT' | 'NOT_LOOKED_AT';
  readonly attribute: string;
  /** The form of what is there, never what it says: `a number as text`. */
  readonly found: string;
  readonly allowed: string;
  /** The three in one sentence. */
  readonly message: string;
}

/**
 * A value and how it came about. `T` is null where any type was asked for and the caller's fallback would be served.
 */
export interface EvaluationDetails<T extends FlagValue | null = FlagValue> {
  readonly flagKey: string;
  readonly value: T;
  /** The variant's name. Absent when the caller's fallback was served. */
  readonly variant?: string;
  readonly reason: EvaluationReason;
  readonly errorCode?: EvaluationErrorCode;
  readonly errorMessage?: string;
  /** The rule that decided, counted from 0, and its id if it has one. */
  readonly ruleIndex?: number;
  readonly ruleId?: string;
  /** The unit's bucket, from 0, where a bucket decided. */
  readonly bucket?: number;
  /** How many buckets there are, where ranges or several attributes deal; beside any other `bucket` 100,000. */
  readonly buckets?: number;
  /** The attribute that holds the unit, beside `buckets`. */
  readonly unitKind?: string;
  /** The experiment that decided, and whether the unit takes part in it. */
  readonly experiment?: ExperimentPart;
  readonly flagMetadata?: JsonObject;
  /** What of the context could not be used. At least one and at most 20; absent where there is none. */
  readonly contextProblems?: readonly ContextProblem[];
}

/** The type of a value whose fallback is a `T`: `value(key, context, 'a')` is a string, not an `'a'`. */
export type Widened<T extends FlagValue> = T extends boolean
  ? boolean
  : T extends number
    ? number
    : T extends string
      ? string
      : T;

/**
 * What is given for a fallback: a value of its type, or, for null, one of any type and null where the fallback would be
 * served.
 */
export type Answer<T extends FlagValue | null> = T extends FlagValue ? Widened<T> : FlagValue | null;
