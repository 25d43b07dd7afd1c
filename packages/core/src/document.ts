/** Decoding flag documents with exact complaints: `@clarity/flags-core/document`. */
export type { DecodeLimits, Decoded, DecodeResult, Refused } from './document/decode.ts';
export { decodeDocument } from './document/decode.ts';
export type { Finding, InspectedDocument } from './document/inspect-document.ts';
export { inspectDocument, inspectFlag } from './document/inspect-document.ts';
export type { Tables } from './document/inspection.ts';
export { pathOf } from './document/inspection.ts';
export { parseInstant } from './document/instant.ts';
export { DEFAULT_MAX_BYTES } from './document/is-larger.ts';
export type { SyntaxFault } from './document/syntax.ts';
export { findSyntaxFault } from './document/syntax.ts';
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
