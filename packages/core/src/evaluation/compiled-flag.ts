import { parseInstant } from '../document/instant.ts';
import { toLongForm } from '../document/short-form.ts';
import type { FlagDefinition, FlagType, FlagValue, LongFlag, Serve } from '../document/types.ts';
import { BUCKETS, bucketOf, saltState, threshold } from './bucket.ts';
import { type CompiledCondition, compileCondition, holds } from './condition.ts';
import { attributeReader, type EvaluationContext, targetingKeyOf, unitOf } from './context.ts';
import type { EvaluationErrorCode, EvaluationReason } from './details.ts';
import type { Dealing, Outcome } from './outcome.ts';
import { type CompiledRamp, compileRamp, rampPercentage } from './ramp.ts';
import type { CompiledSegment } from './segment.ts';

/** A flag made ready to answer. */
export interface CompiledFlag {
  readonly key: string;
  readonly definition: FlagDefinition | undefined;
  readonly type: FlagType;
  /** The answer to everyone, if there is but one. */
  readonly constant: Outcome | undefined;
  /** Whether it needs the stamp of the evaluation: it asks segments, other flags or the clock. */
  readonly stamped: boolean;
  readonly schedule: { readonly onMs: number; readonly offMs: number } | undefined;
  readonly prerequisites: readonly { readonly flag: string; readonly variants: readonly string[] }[];
  readonly targets: ReadonlyMap<string, Outcome> | undefined;
  readonly rules: readonly { readonly when: CompiledCondition; readonly deal: Deal }[];
  readonly fallthrough: Deal;
  /** Outside the schedule. */
  readonly disabled: Outcome;
  readonly prerequisiteFailed: Outcome;
  /** The evaluation that other flags asked this one in, and the answer. */
  stamp: number;
  answer: Outcome | undefined;
}

/** How one of several outcomes is picked. */
interface Deal {
  /** The outcome, if there is but one. */
  readonly only: Outcome | undefined;
  readonly dealing: Dealing | undefined;
  /** Upper ends of the bucket ranges of `outcomes`, rising, each exclusive. */
  readonly limits: readonly number[];
  readonly outcomes: readonly Outcome[];
  /** Without a unit. */
  readonly missing: Outcome;
  readonly ramp: CompiledRamp | undefined;
}

/** A flag that cannot be evaluated: its fallback is served. */
export function failedFlag(
  key: string,
  definition: FlagDefinition | undefined,
  errorCode: EvaluationErrorCode,
  errorMessage: string,
): CompiledFlag {
  const outcome = failure(errorCode, errorMessage);
  const deal: Deal = { only: outcome, dealing: undefined, limits: [], outcomes: [], missing: outcome, ramp: undefined };
  return {
    key,
    definition,
    type: 'boolean',
    constant: outcome,
    stamped: false,
    schedule: undefined,
    prerequisites: [],
    targets: undefined,
    rules: [],
    fallthrough: deal,
    disabled: outcome,
    prerequisiteFailed: outcome,
    stamp: 0,
    answer: undefined,
  };
}

export function failure(errorCode: EvaluationErrorCode, errorMessage: string): Outcome {
  return {
    value: undefined,
    enabled: undefined,
    variant: undefined,
    reason: 'ERROR',
    errorCode,
    errorMessage,
    ruleIndex: undefined,
    ruleId: undefined,
    dealing: undefined,
  };
}

/** Compiles a flag. Throws a one-line reason for what this version does not know; a decoded document holds nothing of the kind. */
export function compileFlag(key: string, definition: FlagDefinition, segmentOf: (name: string) => CompiledSegment): CompiledFlag {
  const flag: LongFlag = 'status' in definition ? toLongForm(definition) : definition;
  const variants = new Map<string, FlagValue>(
    flag.variants === undefined
      ? [
          ['on', true],
          ['off', false],
        ]
      : Object.entries(flag.variants),
  );
  const offVariant = flag.offVariant === undefined && flag.variants === undefined ? 'off' : (flag.offVariant ?? null);
  let stamped = false;

  const outcome = (
    variant: string | null,
    reason: EvaluationReason,
    rule?: { readonly index: number; readonly id: string | undefined },
    dealing?: Dealing,
  ): Outcome => {
    const value = variant === null ? undefined : variants.get(variant);
    if (variant !== null && value === undefined) throw new Error(`no variant ${variant}`);
    return {
      value: deepFreeze(value),
      enabled: typeof value === 'boolean' ? value : undefined,
      variant: variant ?? undefined,
      reason,
      errorCode: undefined,
      errorMessage: undefined,
      ruleIndex: rule?.index,
      ruleId: rule?.id,
      dealing,
    };
  };

  const deal = (serve: Serve, reason: EvaluationReason, rule?: { readonly index: number; readonly id: string | undefined }): Deal => {
    if (serve === null || typeof serve === 'string') {
      const only = outcome(serve, reason, rule);
      return { only, dealing: undefined, limits: [], outcomes: [], missing: only, ramp: undefined };
    }
    if ((serve.hash ?? 'murmur3') !== 'murmur3') throw new Error(`unknown hash ${serve.hash}`);
    const { by = 'targetingKey' } = serve;
    const read = attributeReader(by);
    const dealing: Dealing = {
      unitOf: by === 'targetingKey' ? targetingKeyOf : (context) => unitOf(read(context)),
      salt: saltState(serve.salt ?? flag.salt ?? key),
    };
    const missing = outcome(offVariant, 'DEFAULT', rule);
    if (serve.kind === 'ramp') {
      stamped = true;
      const outcomes = [outcome(serve.variant, 'SPLIT', rule, dealing), outcome(serve.otherwise, 'SPLIT', rule, dealing)];
      return { only: undefined, dealing, limits: [0, BUCKETS], outcomes, missing, ramp: compileRamp(serve) };
    }
    if (serve.kind !== 'split') throw new Error('unknown way to serve');
    const total = serve.variants.reduce((sum, { weight }) => sum + weight, 0);
    let sum = 0;
    return {
      only: undefined,
      dealing,
      limits: serve.variants.map(({ weight }) => threshold(total === 100 ? (sum += weight) : ((sum += weight) / total) * 100)),
      outcomes: serve.variants.map(({ variant }) => outcome(variant, 'SPLIT', rule, dealing)),
      missing,
      ramp: undefined,
    };
  };

  const enabled = flag.enabled ?? true;
  const { prerequisites = [], targets = [], rules = [], schedule } = flag;
  const simple = prerequisites.length + targets.length + rules.length === 0 && schedule === undefined;
  const fallthrough = deal(flag.fallthrough, simple ? 'STATIC' : 'DEFAULT');
  const byKey = new Map<string, Outcome>();
  for (const { variant, keys } of targets) {
    const target = outcome(variant, 'TARGETING_MATCH');
    for (const one of keys) if (!byKey.has(String(one))) byKey.set(String(one), target);
  }
  const compiledRules = rules.map((rule, index) => ({
    when: compileCondition(rule.when, (name) => {
      stamped = true;
      return segmentOf(name);
    }),
    deal: deal(rule.serve, 'TARGETING_MATCH', { index, id: rule.id }),
  }));
  const disabled = outcome(offVariant, 'DISABLED');
  return {
    key,
    definition,
    type: flag.type,
    constant: enabled ? (simple ? fallthrough.only : undefined) : disabled,
    stamped: stamped || prerequisites.length > 0 || schedule !== undefined,
    schedule: schedule && {
      onMs: schedule.onAt === undefined ? -Infinity : (parseInstant(schedule.onAt) ?? NaN),
      offMs: schedule.offAt === undefined ? Infinity : (parseInstant(schedule.offAt) ?? NaN),
    },
    prerequisites,
    targets: byKey.size > 0 ? byKey : undefined,
    rules: compiledRules,
    fallthrough,
    disabled,
    prerequisiteFailed: outcome(offVariant, 'PREREQUISITE_FAILED'),
    stamp: 0,
    answer: undefined,
  };
}

/** What the flag answers once its prerequisites hold. `now` is only called where time plays a part. */
export function answerOf(flag: CompiledFlag, context: EvaluationContext, stamp: number, now: (stamp: number) => number): Outcome {
  const { schedule, targets, rules } = flag;
  if (schedule !== undefined) {
    const nowMs = now(stamp);
    if (!(nowMs >= schedule.onMs && nowMs < schedule.offMs)) return flag.disabled;
  }
  if (targets !== undefined) {
    const key = targetingKeyOf(context);
    const target = key === undefined ? undefined : targets.get(key);
    if (target !== undefined) return target;
  }
  for (const rule of rules) {
    if (holds(rule.when, context, stamp)) return pick(rule.deal, context, stamp, now);
  }
  return pick(flag.fallthrough, context, stamp, now);
}

function pick(deal: Deal, context: EvaluationContext, stamp: number, now: (stamp: number) => number): Outcome {
  if (deal.only !== undefined) return deal.only;
  const { dealing, limits, outcomes, ramp } = deal;
  const unit = dealing!.unitOf(context) as string | undefined;
  if (unit === undefined) return deal.missing;
  const bucket = bucketOf(dealing!.salt, unit);
  if (ramp !== undefined) return outcomes[bucket < threshold(rampPercentage(ramp, now(stamp))) ? 0 : 1]!;
  let index = 0;
  while (bucket >= limits[index]!) index++;
  return outcomes[index]!;
}

/** Callers get the document's own objects, and must not change them for each other. Depth is limited by the decoder. */
function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const member of Object.values(value)) deepFreeze(member);
  }
  return value;
}
