/**
 * Evaluating decoded flag documents, with nothing around it: `@clarity/flags-core/evaluation`. Programs that read
 * documents which nobody has checked decodes them first, with `decodeDocument` of `@clarity/flags-core/document`.
 */
export type {
  AllOf,
  AnyOf,
  Bucketing,
  BucketRange,
  Comparison,
  Condition,
  Experiment,
  FlagDefinition,
  FlagDocument,
  FlagType,
  FlagValue,
  Holdout,
  InBuckets,
  InSegment,
  JsonObject,
  JsonValue,
  Layer,
  LongFlag,
  Not,
  Operand,
  OperatorName,
  Prerequisite,
  Problem,
  Ramp,
  RangedSplit,
  Rule,
  Schedule,
  Segment,
  Serve,
  ServesVariant,
  SetAside,
  ShortFlag,
  Split,
  Target,
  WeightedSplit,
} from './document/types.ts';
export { BUCKETS } from './document/bucket-count.ts';
export { bucket } from './evaluation/bucket.ts';
export type { EvaluationContext } from './evaluation/context.ts';
export type {
  Answer,
  ContextProblem,
  EvaluationDetails,
  EvaluationErrorCode,
  EvaluationReason,
  Widened,
} from './evaluation/details.ts';
export type { ExperimentPart, WhyNot } from './evaluation/experiment-part.ts';
export type { AllOptions, Evaluator, EvaluatorOptions } from './evaluation/evaluator.ts';
export { createEvaluator } from './evaluation/evaluator.ts';
export { murmur3 } from './evaluation/murmur3.ts';
