import { BUCKETS } from '../document/bucket-count.ts';
import { toLongForm } from '../document/short-form.ts';
import type {
  FlagDefinition,
  FlagDocument,
  FlagValue,
  LongFlag,
  Prerequisite,
  RangedSplit,
  Serve,
} from '../document/types.ts';
import { isRanged } from '../document/is-ranged.ts';
import { hashLimit, limitsOf, threshold } from './bucket.ts';
import { compileCondition } from './compile-condition.ts';
import { compileRanges, compileSlot, dealingOf, haveSameUnits, type Way } from './compile-dealing.ts';
import type { EvaluationErrorCode, EvaluationReason } from './details.ts';
import { experimentPart, type WhyNot } from './experiment-part.ts';
import { instantOf } from '../document/instant.ts';
import { must } from '../document/must.ts';
import { compileRamp } from './ramp.ts';
import type { SharedParts } from './shared-parts.ts';
import {
  ANSWER,
  answer,
  ask,
  DEAL,
  type Dealing,
  type Outcome,
  type Place,
  SCHEDULE,
  type Step,
  TARGETS,
} from './step.ts';

/** A flag made ready to answer. */
export interface CompiledFlag {
  /** The answer to everyone, if there is but one. */
  readonly constant: Outcome | undefined;
  readonly prerequisites: readonly Prerequisite[] | undefined;
  /** What is asked once all prerequisites hold. */
  readonly start: Step;
  readonly definition: FlagDefinition | undefined;
  readonly prerequisiteFailed: Outcome;
  /** The evaluation in which other flags asked this one, and the answer. */
  stamp: number;
  answer: Outcome | undefined;
}

/** An answer that is an error: the caller's fallback. */
export function failedOutcome(errorCode: EvaluationErrorCode, errorMessage: string): Outcome {
  return answer(undefined, { reason: 'ERROR', errorCode, errorMessage });
}

/** The answer of what cannot be compiled, as no decoded document holds. */
export const UNCOMPILED = failedOutcome('PARSE_ERROR', 'not sound');

/** A flag that has one answer for everyone, unless it gets other steps. */
export function compiledFlag(
  constant: Outcome | undefined,
  definition?: FlagDefinition,
  start: Step = constant!,
  prerequisites?: readonly Prerequisite[],
  prerequisiteFailed = constant!,
): CompiledFlag {
  return { constant, prerequisites, start, definition, prerequisiteFailed, stamp: 0, answer: undefined };
}

/** Compiles a flag of a document; `place` gives each answer its place. Throws for what cannot be a flag. */
export function compileFlag(
  key: string,
  document: FlagDocument,
  shared: SharedParts,
  place: () => Place | undefined,
): CompiledFlag {
  const { flags, holdouts = {} } = document;
  const definition = flags[key]!;
  const short = 'status' in definition;
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
  }: LongFlag = short ? toLongForm(definition) : definition;
  const values = new Map<string | null, FlagValue>(Object.entries(variants ?? { on: true, off: false }));

  const outcome = (variant: string | null, reason: EvaluationReason, rule?: object, dealing?: Dealing): Outcome => {
    const value = values.get(variant) ?? undefined;
    must(variant === null || value !== undefined);
    return answer(deepFreeze(value), { ...(variant !== null && { variant }), reason, ...rule }, place(), dealing);
  };
  const missing = (part?: object): Outcome => outcome(offVariant, 'DEFAULT', part);

  /** Unit, holdout, slot, ranges: from the end to the beginning. `next` is where gaps lead that go on. */
  const dealRanges = (split: RangedSplit, rule?: object, next?: Step): Step => {
    const { by, of = BUCKETS, experiment, layer: inLayer, holdout: heldBy, otherwise, gaps } = split;
    const part = (whyNot?: WhyNot): object => ({
      ...rule,
      ...(experiment && { experiment: experimentPart(experiment, whyNot) }),
    });
    const out = (whyNot: WhyNot, dealing: Dealing): Step =>
      next && gaps ? next : outcome(otherwise!, 'SPLIT', part(whyNot), dealing);
    const noUnit = next && gaps ? next : missing(part('NO_UNIT'));
    const dealing = dealingOf(by, shared.saltState(split.salt ?? salt), of);
    const arms = split.variants.flatMap(({ variant, ranges }) => {
      const arm = outcome(variant, 'SPLIT', part(), dealing);
      return ranges.map((range): Way => [range, arm]);
    });
    let step: Step = compileRanges(dealing, arms, out('OUTSIDE_COVERAGE', dealing), noUnit);
    if (inLayer !== undefined) {
      const layer = shared.layer(inLayer, document);
      const slot = layer.slots.get(experiment!.id);
      must(slot !== undefined);
      step = compileSlot(layer.dealing, slot, step, out('OTHER_SLOT', layer.dealing), noUnit);
    }
    if (heldBy === undefined) return step;
    const holdout = holdouts[heldBy]!;
    const holding = dealingOf(holdout.by, shared.saltState(holdout.salt ?? heldBy), BUCKETS);
    const held: Way = [[0, threshold(holdout.percentage)], out('HELD_OUT', holding)];
    step = compileRanges(holding, [held], step, noUnit);
    // Whoever has no unit of the split takes no part for that, also where the holdout has a unit of its own.
    return haveSameUnits(holding, dealing) ? step : compileRanges(dealing, [], step, noUnit);
  };

  const deal = (serve: Serve, reason: EvaluationReason, rule?: object, next?: Step): Step => {
    if (typeof serve !== 'object' || serve === null) return outcome(serve, serve ? reason : 'DEFAULT', rule);
    if (serve.kind === 'split' && isRanged(serve)) return dealRanges(serve, rule, next);
    const dealing = dealingOf(serve.by, shared.saltState(serve.salt ?? salt));
    const dealt = (variant: string | null): Outcome => outcome(variant, 'SPLIT', rule, dealing);
    const missed = missing(rule);
    if (serve.kind === 'ramp') {
      const [first, second] = [serve.variant, serve.otherwise].map(dealt) as [Outcome, Outcome];
      return { kind: DEAL, ...dealing, limit: 0, first, second, missing: missed, ramp: compileRamp(serve) };
    }
    const limits = limitsOf(serve.variants.map(({ weight }) => weight));
    const outcomes = serve.variants.map(({ variant }) => dealt(variant));
    const [first, second] = outcomes;
    if (outcomes.length === 2)
      return {
        kind: DEAL,
        ...dealing,
        limit: hashLimit(limits[0]!),
        first: first!,
        second: second!,
        missing: missed,
        ramp: undefined,
      };
    const ways = outcomes.map((one, index): Way => [[limits[index - 1] ?? 0, limits[index]!], one]);
    return compileRanges(dealing, ways, missed, missed);
  };

  const off = (reason: EvaluationReason): Outcome => outcome(offVariant, reason);
  if (!enabled) return compiledFlag(off('DISABLED'), definition);

  // From the end to the beginning: each part leads to the one after it.
  const varied = prerequisites?.length || targets.length || rules.length || schedule;
  let start = deal(fallthrough, varied ? 'DEFAULT' : 'STATIC');
  if (!varied && start.kind === ANSWER) return compiledFlag(start, definition);
  start = rules.reduceRight(
    (next, { id: ruleId, when, serve }, ruleIndex) =>
      compileCondition(
        when,
        deal(serve, 'TARGETING_MATCH', short ? {} : { ruleIndex, ...(ruleId && { ruleId }) }, next),
        next,
      ),
    start,
  );
  const byKey = new Map<string, Outcome>();
  // The first that names a key wins.
  for (const { variant, keys } of targets.toReversed()) {
    const target = outcome(variant, 'TARGETING_MATCH');
    for (const one of keys) byKey.set(String(one), target);
  }
  if (byKey.size > 0) start = ask(TARGETS, byKey, start, start);
  if (schedule) {
    const hours = [instantOf(schedule.onAt, -Infinity), instantOf(schedule.offAt, Infinity)];
    start = ask(SCHEDULE, hours, start, off('DISABLED'));
  }
  return compiledFlag(undefined, definition, start, prerequisites, off('PREREQUISITE_FAILED'));
}

/** Callers get the document's own objects, and must not change them for each other. */
function deepFreeze<T>(value: T): T {
  if (!Object.isFrozen(value)) Object.values(Object.freeze(value) as object).forEach(deepFreeze);
  return value;
}
