import type { EvaluationErrorCode, EvaluationReason } from './details.ts';
import type { FlagValue } from '../document/types.ts';

/**
 * One possible answer of a flag. All of them are made when the flag is compiled; an evaluation only picks one, which is why it allocates
 * nothing.
 */
export interface Outcome {
  /** Undefined: the caller's fallback. */
  readonly value: FlagValue | undefined;
  /** The value if it is a boolean. */
  readonly enabled: boolean | undefined;
  readonly variant: string | undefined;
  readonly reason: EvaluationReason;
  readonly errorCode: EvaluationErrorCode | undefined;
  readonly errorMessage: string | undefined;
  readonly ruleIndex: number | undefined;
  readonly ruleId: string | undefined;
  /** Where the bucket comes from, if one decided. */
  readonly dealing: Dealing | undefined;
}

import type { Murmur3State } from './murmur3.ts';
import type { AttributeReader } from './context.ts';

/** Which unit is dealt with, and under which salt. */
export interface Dealing {
  readonly unitOf: AttributeReader;
  readonly salt: Murmur3State;
}
