import type { FlagValue } from '../document/types.ts';
import type { EvaluationDetails } from './details.ts';
import type { Murmur3State } from './murmur3.ts';

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
  readonly details: Omit<EvaluationDetails, 'flagKey' | 'value' | 'bucket' | 'flagMetadata'>;
  /** Where the bucket comes from, if one decided. */
  readonly dealing: Dealing | undefined;
}

/** Which unit is dealt with, and under which salt. */
export interface Dealing {
  /** The attribute. */
  readonly by: string;
  readonly salt: Murmur3State;
}
