import type { FlagValue, JsonObject } from '../document/types.ts';

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

/** A value and how it came about. */
export interface EvaluationDetails<T extends FlagValue = FlagValue> {
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
  /** The unit's bucket, 0 to 99,999, where a bucket decided. */
  readonly bucket?: number;
  readonly flagMetadata?: JsonObject;
}

/** The type of a value whose fallback is a `T`: `value(key, context, 'a')` is a string, not an `'a'`. */
export type Widened<T extends FlagValue> = T extends boolean
  ? boolean
  : T extends number
    ? number
    : T extends string
      ? string
      : T;
