import { parseInstant } from '../document/instant.ts';
import { toLongForm } from '../document/short-form.ts';
import type {
  Comparison,
  Condition,
  FlagDocument,
  FlagValue,
  LongFlag,
  Rule,
  Serve,
  ServesVariant,
} from '../document/types.ts';
import { compileCondition } from './compile-condition.ts';
import { type EvaluationContext, readAttribute, targetingKeyOf } from './context.ts';
import { problemOf } from './context-problems.ts';
import type { EvaluationDetails } from './details.ts';
import { createEvaluator, type Evaluator } from './evaluator.ts';
import { type DealingFacts, explainBucket, explainDealing } from './explain-dealing.ts';
import type { ConditionTrace, Explanation, ExplanationStep, ServeTrace } from './explanation.ts';
import { NO, YES } from './segment.ts';
import type { AskStep } from './step.ts';
import { holds } from './walk.ts';
import { beginWork, endWork, EXHAUSTED, MAX_WORK_OF_ALL, spend } from './work.ts';

export interface ExplainOptions {
  /** What the caller would serve. Default false. */
  readonly fallback?: FlagValue;
  /** The clock, in Unix milliseconds. Default `Date.now`. Give the one that the evaluator has. */
  readonly now?: () => number;
}

/**
 * Says how a flag's answer comes about: every rule that is tried, each condition's verdict, and the bucket against its
 * range. Never throws.
 */
export function explain(
  subject: FlagDocument | Evaluator,
  key: string,
  context?: EvaluationContext,
  { fallback = false, now = Date.now }: ExplainOptions = {},
): Explanation {
  const document = 'document' in subject ? subject.document : subject;
  const nowMs = now();
  const evaluator = createEvaluator(document, { now: () => nowMs });
  const details = evaluator.details(key, context, fallback);
  const given: EvaluationContext = context ?? {};
  const steps: ExplanationStep[] = [];
  let targetingKey: string | undefined;
  try {
    targetingKey = targetingKeyOf(given);
  } catch {
    // Whether that matters depends on the flag.
  }
  // Every condition is looked at, also those that an evaluation skips: what is too much for all flags at once is not
  // looked at.
  const outer = beginWork(MAX_WORK_OF_ALL);
  try {
    const definition = Object.hasOwn(document.flags, key) ? document.flags[key] : undefined;
    if (definition === undefined) steps.push({ step: 'failure', message: details.errorMessage ?? 'no such flag' });
    else {
      const flag = 'status' in definition ? toLongForm(definition) : definition;
      const tracer = new Tracer(evaluator, given, nowMs, flag.salt ?? key, targetingKey);
      for (const one of tracer.steps(flag)) steps.push(one);
      if (details.errorMessage !== undefined) steps.push({ step: 'failure', message: details.errorMessage });
    }
  } catch (thrown) {
    const message = thrown === EXHAUSTED ? 'flag and context cost more than may be looked at' : 'the context threw';
    steps.push({ step: 'failure', message });
  } finally {
    endWork(outer);
  }
  return {
    flagKey: key,
    details,
    summary: summaryOf(details.flagKey, details.value, steps.at(-1)),
    targetingKey,
    steps,
  };
}

/** Each other flag has a bound of its own, so that not many may be asked: 100. */
const COST_OF_ANSWER = MAX_WORK_OF_ALL / 100;

class Tracer {
  readonly #evaluator: Evaluator;
  readonly #context: EvaluationContext;
  readonly #nowMs: number;
  readonly #targetingKey: string | undefined;
  readonly #facts: DealingFacts;
  /** Segments that were looked at: they may share segments at every level. */
  readonly #segments = new Map<string, ConditionTrace>();
  /** Other flags that were asked: as many conditions as a document holds may ask for one of them. */
  readonly #answers = new Map<string, EvaluationDetails<FlagValue | null>>();

  constructor(
    evaluator: Evaluator,
    context: EvaluationContext,
    nowMs: number,
    salt: string,
    targetingKey: string | undefined,
  ) {
    this.#targetingKey = targetingKey;
    this.#evaluator = evaluator;
    this.#context = context;
    this.#nowMs = nowMs;
    this.#facts = { document: evaluator.document, context, nowMs, salt };
  }

  *steps({
    enabled = true,
    prerequisites = [],
    schedule,
    targets = [],
    rules = [],
    fallthrough,
  }: LongFlag): Iterable<ExplanationStep> {
    yield { step: 'enabled', passed: enabled };
    if (!enabled) return;
    for (const { flag, variants } of prerequisites) {
      const { variant: served, reason } = this.#answerOf(flag);
      const passed = served !== undefined && variants.includes(served);
      yield { step: 'prerequisite', passed, flag, wanted: variants, ...(served !== undefined && { served }), reason };
      if (!passed) return;
    }
    if (schedule !== undefined) {
      const { onAt, offAt } = schedule;
      const passed =
        (onAt === undefined || this.#nowMs >= parseInstant(onAt)!) &&
        (offAt === undefined || this.#nowMs < parseInstant(offAt)!);
      yield { step: 'schedule', passed, ...schedule, now: new Date(this.#nowMs).toISOString() };
      if (!passed) return;
    }
    if (targets.length > 0) {
      const key = this.#targetingKey;
      const target =
        key === undefined ? undefined : targets.find(({ keys }) => keys.some((one) => String(one) === key));
      yield {
        step: 'targets',
        matched: target !== undefined,
        ...(target !== undefined && { variant: target.variant }),
      };
      if (target !== undefined) return;
    }
    for (const [index, rule] of rules.entries()) {
      const traced = this.#rule(rule, index);
      yield traced;
      if (traced.matched && !goesOn(traced.serve)) return;
    }
    yield { step: 'fallthrough', serve: this.#serve(fallthrough) };
  }

  #rule({ id, description, when, serve }: Rule, index: number): Extract<ExplanationStep, { step: 'rule' }> {
    const condition = this.#condition(when);
    return {
      step: 'rule',
      index,
      ...(id !== undefined && { id }),
      ...(description !== undefined && { description }),
      matched: condition.holds,
      condition,
      ...(condition.holds && { serve: this.#serve(serve) }),
    };
  }

  #condition(condition: Condition): ConditionTrace {
    if ('all' in condition) {
      const parts = condition.all.map((part) => this.#condition(part));
      return { kind: 'all', holds: parts.every((part) => part.holds), parts };
    }
    if ('any' in condition) {
      const parts = condition.any.map((part) => this.#condition(part));
      return { kind: 'any', holds: parts.some((part) => part.holds), parts };
    }
    if ('not' in condition) {
      const part = this.#condition(condition.not);
      return { kind: 'not', holds: !part.holds, parts: [part] };
    }
    if ('segment' in condition) return this.#segment(condition.segment);
    if ('flag' in condition) return this.#flag(condition);
    if ('bucket' in condition) return explainBucket(condition.bucket, this.#context);
    return this.#comparison(condition);
  }

  #comparison(condition: Comparison): ConditionTrace {
    const { attribute, op, value } = condition;
    const shared = { kind: 'comparison', attribute, op, ...(value !== undefined && { value }) } as const;
    try {
      const start = compileCondition(condition, YES, NO) as AskStep;
      const value = readAttribute(this.#context, attribute, start.slot);
      const passes = holds(start, value);
      const problem = passes ? undefined : problemOf(start, value);
      return { ...shared, holds: passes, found: show(value), ...(problem !== undefined && { problem }) };
    } catch (thrown) {
      // Evaluation may never come to this part. Where it does, it ends as an error.
      return { ...shared, holds: false, found: thrown === EXHAUSTED ? 'not looked at' : 'an error' };
    }
  }

  #flag({ flag, variants: wanted }: ServesVariant): ConditionTrace {
    const { variant: served } = this.#answerOf(flag);
    const isServed = served !== undefined && wanted.includes(served);
    return { kind: 'flag', holds: isServed, flag, wanted, ...(served !== undefined && { served }) };
  }

  /** Another flag's answer. Throws `EXHAUSTED` where more flags are asked than may be. */
  #answerOf(flagKey: string): EvaluationDetails<FlagValue | null> {
    let answer = this.#answers.get(flagKey);
    if (answer === undefined) {
      spend(COST_OF_ANSWER);
      this.#answers.set(flagKey, (answer = this.#evaluator.details(flagKey, this.#context, null)));
    }
    return answer;
  }

  #segment(name: string): ConditionTrace {
    const known = this.#segments.get(name);
    if (known !== undefined) return known;
    const { include = [], exclude = [], when } = this.#evaluator.document.segments![name]!;
    const key = this.#targetingKey;
    const listed = (keys: readonly (string | number)[]): boolean =>
      key !== undefined && keys.some((one) => String(one) === key);
    const shared = { kind: 'segment', segment: name } as const;
    let trace: ConditionTrace;
    if (listed(exclude)) trace = { ...shared, holds: false, why: 'excluded' };
    else if (listed(include)) trace = { ...shared, holds: true, why: 'included' };
    else if (when === undefined) trace = { ...shared, holds: false, why: 'no condition' };
    else {
      const condition = this.#condition(when);
      trace = { ...shared, holds: condition.holds, why: 'condition', condition };
    }
    this.#segments.set(name, trace);
    return trace;
  }

  #serve(serve: Serve): ServeTrace {
    if (typeof serve !== 'object' || serve === null) return { kind: 'variant', variant: serve };
    return explainDealing(serve, this.#facts);
  }
}

/** A value of the context for people, shortened. Runs nothing that belongs to it. */
function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 60 ? `${value.slice(0, 59)}…` : value);
  if (value === undefined || value === null) return 'nothing';
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  try {
    if (Array.isArray(value)) return `a list of ${value.length}`;
  } catch {
    // A revoked proxy. It exists, and nothing more can be said.
  }
  return `a value of type ${typeof value}`;
}

function summaryOf(key: string, value: FlagValue, last: ExplanationStep | undefined): string {
  const answer = `${key} is ${JSON.stringify(value)}`;
  switch (last?.step) {
    case 'enabled':
      return `${answer}: the flag is disabled.`;
    case 'prerequisite':
      return `${answer}: its prerequisite ${last.flag} serves ${last.served ?? 'its fallback'} and not ${last.wanted.join(' or ')}.`;
    case 'schedule':
      return `${answer}: it is ${last.now}, outside the flag's schedule.`;
    case 'targets':
      return `${answer}: a target names this key.`;
    case 'rule':
      return `${answer}: rule ${last.id ?? last.index} matched${last.serve === undefined ? '' : dealt(last.serve)}.`;
    case 'fallthrough':
      return `${answer}: nothing before the fallthrough decided${dealt(last.serve)}.`;
    case 'failure':
      return `${answer}, the fallback: ${last.message}.`;
    case undefined:
      return answer;
  }
}

/** Whether a rule that matched served nothing, so that the next one is asked. */
function goesOn(serve: ServeTrace | undefined): boolean {
  return serve !== undefined && serve.kind !== 'variant' && serve.goesOn === true;
}

function dealt(serve: ServeTrace): string {
  if (serve.kind === 'variant')
    return serve.variant === null ? ', and serves the fallback' : `, and serves ${serve.variant}`;
  if (serve.bucket === undefined)
    return `, and ${[serve.by].flat().join(', ')} holds no unit to deal with${serve.problem === undefined ? '' : ` (${serve.problem.found})`}`;
  const { experiment, ranges, bucket } = serve;
  const chosen = ranges.find((range) => range.chosen);
  const place =
    chosen === undefined
      ? ', and serves what is served outside the experiment'
      : `, and bucket ${bucket} lies in ${chosen.from} to ${chosen.to} of ${chosen.variant ?? 'the fallback'}`;
  if (experiment === undefined) return place;
  const part = experiment.takesPart ? 'takes part' : `takes no part, ${experiment.message}`;
  return `${place} (experiment ${experiment.id}, phase ${experiment.phase}: ${part})`;
}
