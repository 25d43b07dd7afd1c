import { parseInstant } from '../document/instant.ts';
import { toLongForm } from '../document/short-form.ts';
import type { FlagDefinition, FlagValue, LongFlag, Prerequisite, Rule, Serve } from '../document/types.ts';
import { saltState, threshold } from './bucket.ts';
import { type CompiledCondition, compileCondition } from './condition.ts';
import type { EvaluationErrorCode, EvaluationReason } from './details.ts';
import type { Dealing, Outcome } from './outcome.ts';
import { compileRamp, type RampPercentage } from './ramp.ts';

/** A flag made ready to answer. */
export interface CompiledFlag {
  readonly definition: FlagDefinition | undefined;
  /** The answer to everyone, if there is but one. */
  readonly constant: Outcome | undefined;
  /** Whether it needs the stamp of the evaluation: it asks segments, other flags or the clock. */
  readonly stamped: boolean;
  /** The flag is off before and from these instants (Unix milliseconds) on. */
  readonly onMs: number;
  readonly offMs: number;
  readonly prerequisites: readonly Prerequisite[] | undefined;
  readonly targets: ReadonlyMap<string, Outcome> | undefined;
  readonly rules: readonly CompiledRule[];
  readonly fallthrough: Deal;
  /** Outside the schedule. */
  readonly disabled: Outcome;
  readonly prerequisiteFailed: Outcome;
  /** The evaluation that other flags asked this one in, and the answer. */
  stamp: number;
  answer: Outcome | undefined;
}

interface CompiledRule {
  readonly when: CompiledCondition;
  readonly deal: Deal;
}

/** How one of several outcomes is picked. */
export interface Deal {
  /** Absent: the first outcome is for everyone. */
  readonly dealing: Dealing | undefined;
  readonly outcomes: readonly Outcome[];
  /** Upper ends of the bucket ranges of the outcomes, rising, each exclusive. */
  readonly limits: readonly number[];
  /** The first outcome's percentage, where it depends on the time. */
  readonly ramp: RampPercentage | undefined;
  /** Without a unit. */
  readonly missing: Outcome;
}

/** An error: the caller's fallback. */
export function failure(errorCode: EvaluationErrorCode, errorMessage: string): Outcome {
  return outcomeOf(undefined, undefined, { reason: 'ERROR', errorCode, errorMessage });
}

function outcomeOf(variant: string | undefined, value: FlagValue | undefined, details: Outcome['details'], dealing?: Dealing): Outcome {
  return { value, enabled: typeof value === 'boolean' ? value : undefined, variant, details, dealing };
}

/** Compiles a flag of a decoded document. */
export function compileFlag(key: string, definition: FlagDefinition, failed?: Outcome): CompiledFlag {
  const {
    enabled = true,
    variants,
    offVariant = variants ? null : 'off',
    prerequisites,
    targets = [],
    rules = [],
    schedule,
    salt = key,
    fallthrough,
  }: LongFlag = 'status' in definition ? toLongForm(definition) : definition;
  const values = new Map(Object.entries(variants ?? { on: true, off: false }));
  let stamped = prerequisites !== undefined || schedule !== undefined;

  const outcome = (variant: string | null, reason: EvaluationReason, rule?: Pick<Outcome['details'], 'ruleIndex' | 'ruleId'>, dealing?: Dealing): Outcome =>
    variant === null
      ? outcomeOf(undefined, undefined, { reason, ...rule }, dealing)
      : outcomeOf(variant, deepFreeze(values.get(variant)), { variant, reason, ...rule }, dealing);

  const deal = (serve: Serve, reason: EvaluationReason, rule?: Pick<Outcome['details'], 'ruleIndex' | 'ruleId'>): Deal => {
    const missing = outcome(offVariant, 'DEFAULT', rule);
    if (typeof serve !== 'object' || serve === null) {
      return { dealing: undefined, outcomes: [outcome(serve, reason, rule)], limits: [], ramp: undefined, missing };
    }
    const dealing = { by: serve.by ?? 'targetingKey', salt: saltState(serve.salt ?? salt) };
    const split = (variant: string | null): Outcome => outcome(variant, 'SPLIT', rule, dealing);
    if (serve.kind === 'ramp') {
      stamped = true;
      return { dealing, outcomes: [split(serve.variant), split(serve.otherwise)], limits: [], ramp: compileRamp(serve), missing };
    }
    const total = serve.variants.reduce((sum, { weight }) => sum + weight, 0);
    let sum = 0;
    return {
      dealing,
      outcomes: serve.variants.map(({ variant }) => split(variant)),
      // Weights that sum to 100 are percentages, and are not scaled.
      limits: serve.variants.map(({ weight }) => threshold((sum += weight) / (total === 100 ? 1 : total / 100))),
      ramp: undefined,
      missing,
    };
  };

  // The first target that names a key wins.
  const byKey = new Map(
    targets.toReversed().flatMap(({ variant, keys }) => {
      const target = outcome(variant, 'TARGETING_MATCH');
      return keys.map((one) => [String(one), target]);
    }),
  );
  const compiledRules = rules.map(({ id, when, serve }: Rule, ruleIndex) => ({
    when: compileCondition(when, () => (stamped = true)),
    deal: deal(serve, 'TARGETING_MATCH', { ruleIndex, ...(id !== undefined && { ruleId: id }) }),
  }));
  const simple = !(prerequisites || schedule || targets.length > 0 || rules.length > 0);
  const last = deal(fallthrough, simple ? 'STATIC' : 'DEFAULT');
  const disabled = outcome(offVariant, 'DISABLED');
  return {
    definition,
    constant: failed ?? (enabled ? (simple && !last.dealing ? last.outcomes[0] : undefined) : disabled),
    stamped,
    onMs: schedule?.onAt ? parseInstant(schedule.onAt)! : -Infinity,
    offMs: schedule?.offAt ? parseInstant(schedule.offAt)! : Infinity,
    prerequisites,
    targets: byKey.size > 0 ? byKey : undefined,
    rules: compiledRules,
    fallthrough: last,
    disabled,
    prerequisiteFailed: outcome(offVariant, 'PREREQUISITE_FAILED'),
    stamp: 0,
    answer: undefined,
  };
}

/** Callers get the document's own objects, and must not change them for each other. */
function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(deepFreeze);
  return value;
}
