import { BUCKETS } from '../document/bucket-count.ts';
import type { FlagValue } from '../document/types.ts';
import { fits, misfit } from '../document/value-form.ts';
import { bucketOf } from './bucket.ts';
import { type CompiledFlag, failedOutcome } from './compile-flag.ts';
import type { EvaluationContext } from './context.ts';
import { contextProblems, noContextProblem } from './context-problems.ts';
import type { Answer, EvaluationDetails } from './details.ts';
import type { Dealing, Outcome } from './step.ts';
import { type Surroundings, unitFor, unitKindFor } from './walk.ts';
import { beginWork, endWork, MAX_WORK } from './work.ts';

/** An evaluation that has its answer. */
export interface Answered {
  readonly flagKey: string;
  /** Undefined for a flag that is unknown. */
  readonly flag: CompiledFlag | undefined;
  readonly outcome: Outcome;
  readonly context: EvaluationContext | undefined;
  readonly stamp: number;
}

/** The details of an answer, for somebody who asked with `fallback`. What looks at the context again costs `budget`. */
export function detailsOf<T extends FlagValue | null>(
  { flagKey, flag, outcome, context, stamp }: Answered,
  fallback: T,
  around: Surroundings,
  budget: { left: number },
): EvaluationDetails<Answer<T>> {
  const { value = fallback, dealing } = outcome;
  const metadata = flag?.definition?.metadata;
  const { details } = fits(value, fallback) ? outcome : failedOutcome('TYPE_MISMATCH', misfit(value, fallback));
  // Where a prerequisite failed, nothing else was asked.
  const asked = flag && !flag.constant && outcome.details.reason !== 'PREREQUISITE_FAILED';
  const slip = noContextProblem(context);
  const found = asked && !slip ? contextProblems(flag.start, context ?? {}, stamp, around, budget) : [];
  const problems = slip ? [slip] : found;
  return {
    flagKey,
    value: (details.errorCode ? fallback : value) as Answer<T>,
    ...details,
    ...(dealing && context && dealt(dealing, context)),
    ...(metadata && { flagMetadata: metadata }),
    ...(problems.length > 0 && { contextProblems: problems }),
  };
}

/** Which unit was dealt, and where it came. */
function dealt(
  dealing: Dealing,
  context: EvaluationContext,
): Pick<EvaluationDetails, 'bucket' | 'buckets' | 'unitKind'> | undefined {
  // Its own work: the evaluation has ended, and what is taken outside of one is never given back.
  const outer = beginWork(MAX_WORK);
  try {
    const unit = unitFor(dealing, context);
    if (unit === undefined) return undefined;
    const { buckets, others } = dealing;
    const bucket = bucketOf(dealing, unit, buckets);
    if (buckets === undefined && others === undefined) return { bucket };
    return { bucket, buckets: buckets ?? BUCKETS, unitKind: unitKindFor(dealing, context) };
  } catch {
    // The context answers no more. The value stands.
    return undefined;
  } finally {
    endWork(outer);
  }
}
