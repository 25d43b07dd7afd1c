import { BUCKETS } from '../document/bucket-count.ts';
import { isRanged } from '../document/is-ranged.ts';
import type { Bucketing, FlagDocument, Ramp, RangedSplit, Split } from '../document/types.ts';
import { bucketOf, saltState, threshold } from './bucket.ts';
import { dealingOf } from './compile-dealing.ts';
import type { EvaluationContext } from './context.ts';
import { unitProblem } from './context-problems.ts';
import { experimentPart, type WhyNot } from './experiment-part.ts';
import type { ConditionTrace, ServeTrace } from './explanation.ts';
import { compileRamp } from './ramp.ts';
import { rangesOf } from './ranges.ts';
import { unitFor, unitKindFor } from './walk.ts';
import { bucketCost, spend } from './work.ts';

/** What units are dealt by, and for whom. */
export interface DealingFacts {
  readonly document: FlagDocument;
  readonly context: EvaluationContext;
  readonly nowMs: number;
  /** The flag's. */
  readonly salt: string;
}

/** A unit among buckets. */
interface Bucketed {
  readonly by: string | readonly string[];
  readonly unit: string | undefined;
  readonly salt: string;
  readonly bucket: number | undefined;
  readonly buckets: number;
}

/** Throws `EXHAUSTED`, too: many rules may have one long salt, and are dealt one after the other. */
function bucketed(
  { by = 'targetingKey', of = BUCKETS }: Partial<Bucketing>,
  salt: string,
  context: EvaluationContext,
): Bucketed {
  spend(bucketCost(salt));
  const dealing = dealingOf(by, saltState(salt));
  const unit = unitFor(dealing, context);
  if (unit !== undefined) spend(bucketCost(unit));
  const bucket = unit === undefined ? undefined : bucketOf(dealing, unit, of);
  return { by: unit === undefined ? by : unitKindFor(dealing, context), unit, salt, bucket, buckets: of };
}

/** How a split or ramp deals the unit of a context. Throws what reading the context throws, and `EXHAUSTED`. */
export function explainDealing(serve: Split | Ramp, { document, context, nowMs, salt }: DealingFacts): ServeTrace {
  const dealt = bucketed(serve, serve.salt ?? salt, context);
  const { by, unit, bucket } = dealt;
  const whyNot = serve.kind === 'split' && isRanged(serve) ? whyNotOf(serve, dealt, document, context) : undefined;
  const { experiment, gaps } = serve as Partial<RangedSplit>;
  const isDealt = bucket !== undefined && whyNot !== 'HELD_OUT' && whyNot !== 'OTHER_SLOT' && whyNot !== 'NO_UNIT';
  const ranges = rangesOf(serve, nowMs).map(({ variant, from, to }) => ({
    variant,
    from,
    to,
    chosen: isDealt && bucket >= from && bucket < to,
  }));
  return {
    kind: serve.kind,
    ...dealt,
    ranges,
    ...(experiment !== undefined && { experiment: experimentPart(experiment, whyNot) }),
    ...(gaps !== undefined && whyNot !== undefined && { goesOn: true }),
    ...(serve.kind === 'ramp' && { percentage: compileRamp(serve)(nowMs) }),
    ...(unit === undefined && { problem: unitProblem([by].flat()[0]!, context) }),
  };
}

/** Why a unit is in no range of a split: asked in the order unit, holdout, slot, ranges. */
function whyNotOf(
  { variants, experiment, layer: inLayer, holdout: heldBy }: RangedSplit,
  { bucket }: Bucketed,
  { layers, holdouts }: FlagDocument,
  context: EvaluationContext,
): WhyNot | undefined {
  if (bucket === undefined) return 'NO_UNIT';
  if (heldBy !== undefined) {
    const holdout = holdouts![heldBy]!;
    const held = bucketed(holdout, holdout.salt ?? heldBy, context).bucket;
    if (held === undefined) return 'NO_UNIT';
    if (held < threshold(holdout.percentage)) return 'HELD_OUT';
  }
  if (inLayer !== undefined) {
    const { slots, ...layer } = layers![inLayer]!;
    const place = bucketed(layer, layer.salt ?? inLayer, context).bucket;
    if (place === undefined) return 'NO_UNIT';
    const slot = slots[experiment!.id]!;
    spend(slot.length);
    if (!slot.some(([from, to]) => place >= from && place < to)) return 'OTHER_SLOT';
  }
  const isIn = variants.some(({ ranges }) => ranges.some(([from, to]) => bucket >= from && bucket < to));
  return isIn ? undefined : 'OUTSIDE_COVERAGE';
}

/** Whether a condition on buckets holds, and why. */
export function explainBucket(condition: Bucketing, context: EvaluationContext): ConditionTrace {
  const { from, to, by = 'targetingKey', of: buckets = BUCKETS, salt } = condition;
  try {
    const found = bucketed(condition, salt, context);
    const { bucket } = found;
    return { kind: 'bucket', holds: bucket !== undefined && bucket >= from && bucket < to, ...found, from, to };
  } catch {
    // The context threw, or this costs too much. Evaluation may never come to this part. Where it does, it ends as an
    // error.
    return { kind: 'bucket', holds: false, by, unit: undefined, salt, bucket: undefined, buckets, from, to };
  }
}
