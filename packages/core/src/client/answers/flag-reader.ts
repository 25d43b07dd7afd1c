import type { FlagType, FlagValue } from '../../document/types.ts';
import type { EvaluationContext } from '../../evaluation/context.ts';
import type { Answer, EvaluationDetails, EvaluationErrorCode } from '../../evaluation/details.ts';
import { fits, misfit } from '../../document/value-form.ts';
import { noContextProblem } from '../../evaluation/context-problems.ts';
import type { AllOptions, Evaluator } from '../../evaluation/evaluator.ts';
import type { Interceptors } from './interceptors.ts';
import { evaluateBetween } from './evaluate-between.ts';

const NOBODY: EvaluationContext = Object.freeze({});

/**
 * Answers questions from the evaluator of the moment. The client swaps it whole; a pinned reader is never swapped.
 * Where nobody stands by, a question costs one look and the evaluator's own work.
 */
export class FlagReader {
  #evaluator: Evaluator | undefined;
  #revision: string | null;
  readonly #interceptors: Interceptors;

  constructor(interceptors: Interceptors, evaluator?: Evaluator, revision: string | null = null) {
    this.#interceptors = interceptors;
    this.#evaluator = evaluator;
    this.#revision = revision;
  }

  swap(evaluator: Evaluator, revision: string | null): void {
    this.#evaluator = evaluator;
    this.#revision = revision;
  }

  /** A reader of this moment's flags that later swaps do not reach; overrides and hooks do. */
  pin(): FlagReader {
    return new FlagReader(this.#interceptors, this.#evaluator, this.#revision);
  }

  get cacheSize(): number {
    return this.#evaluator?.cacheSize ?? 0;
  }

  clearCache(): void {
    this.#evaluator?.clearCache();
  }

  isEnabled(key: string, context: EvaluationContext | undefined, fallback: boolean): boolean {
    const evaluator = this.#evaluator;
    const { present } = this.#interceptors;
    if (present || evaluator === undefined) return this.details(key, context, fallback).value;
    return evaluator.isEnabled(key, context, fallback);
  }

  value<T extends FlagValue | null>(key: string, context: EvaluationContext | undefined, fallback: T): Answer<T> {
    const evaluator = this.#evaluator;
    const { present } = this.#interceptors;
    if (present || evaluator === undefined) return this.details(key, context, fallback).value;
    return evaluator.value(key, context, fallback);
  }

  details<T extends FlagValue | null>(
    key: string,
    context: EvaluationContext | undefined,
    fallback: T,
  ): EvaluationDetails<Answer<T>> {
    const { hooksNow: hooks, exposures, callHook, doubts } = this.#interceptors;
    if (hooks.length === 0 && exposures === undefined) return this.#answer(key, context, fallback);
    // Hooks spread a context; anything that is not an object counts as an empty one.
    const given = typeof context === 'object' && context !== null ? context : NOBODY;
    const slip = given === NOBODY ? noContextProblem(context) : undefined;
    if (slip !== undefined) doubts.noContext(context);
    const asked = {
      flagKey: key,
      flagValueType: typeOf(fallback),
      defaultValue: fallback,
      context: given,
      revision: this.#revision,
    };
    let evaluatedWith = given;
    const details = evaluateBetween(
      hooks,
      asked,
      (merged) => {
        evaluatedWith = merged;
        return this.#answer(key, merged, fallback);
      },
      callHook,
    );
    exposures?.note(details, evaluatedWith, this.#revision);
    return slip === undefined ? details : { ...details, contextProblems: [slip] };
  }

  /** Every flag at once: what a server sends to a browser. Hooks and exposures are for single questions. */
  all(context: EvaluationContext | undefined, options?: AllOptions): Readonly<Record<string, FlagValue>> {
    const values = this.#evaluator?.all(context, options) ?? {};
    const { overrides } = this.#interceptors;
    if (overrides.isEmpty) return values;
    const overridden = Object.assign(Object.create(null) as Record<string, FlagValue>, values);
    for (const key of overrides.keys()) {
      const value = overrides.get(key);
      const replaced = overridden[key];
      // An override does not show a browser a flag that is not for it.
      if (value === undefined || (options?.clientVisibleOnly === true && replaced === undefined)) continue;
      if (replaced === undefined || fits(value, replaced)) overridden[key] = value;
      else {
        // A caller who takes the flag from here reads it as its own type, and so gets the fallback, as by a single
        // question.
        overrides.mismatch(key, value, replaced);
        delete overridden[key];
      }
    }
    return overridden;
  }

  /** Every flag's details at once, of any type. */
  allDetails(
    context: EvaluationContext | undefined,
    options?: AllOptions,
  ): Readonly<Record<string, EvaluationDetails<FlagValue | null>>> {
    const details = this.#evaluator?.allDetails(context, options) ?? {};
    const { overrides } = this.#interceptors;
    if (overrides.isEmpty) return details;
    const overridden = Object.assign(
      Object.create(null) as Record<string, EvaluationDetails<FlagValue | null>>,
      details,
    );
    for (const key of overrides.keys()) {
      const value = overrides.get(key);
      const replaced = overridden[key];
      // An override does not show a browser a flag that is not for it.
      if (value === undefined || (options?.clientVisibleOnly === true && replaced === undefined)) continue;
      overridden[key] = this.#overridden(key, value, replaced?.value ?? null, null);
    }
    return overridden;
  }

  /** What an override answers to a question for a value like `asked`. */
  #overridden<T extends FlagValue | null>(
    key: string,
    value: FlagValue,
    asked: FlagValue | null,
    fallback: T,
  ): EvaluationDetails<Answer<T>> {
    if (fits(value, asked)) return { flagKey: key, value: value as Answer<T>, variant: 'override', reason: 'STATIC' };
    // The document stays below: somebody pulled the brake on this flag, and the fallback is the safe answer.
    this.#interceptors.overrides.mismatch(key, value, asked as FlagValue);
    return failed(key, fallback, 'TYPE_MISMATCH', `the override is ${misfit(value, asked)}`);
  }

  #answer<T extends FlagValue | null>(
    key: string,
    context: EvaluationContext | undefined,
    fallback: T,
  ): EvaluationDetails<Answer<T>> {
    const override = this.#interceptors.overrides.get(key);
    // The evaluator counts its answers itself.
    if (override === undefined && this.#evaluator !== undefined) return this.#evaluator.details(key, context, fallback);
    const answer =
      override === undefined
        ? failed(key, fallback, 'PROVIDER_NOT_READY', 'there is no flag document yet')
        : this.#overridden(key, override, fallback, fallback);
    this.#interceptors.counts?.addDetails(answer);
    return answer;
  }
}

function failed<T extends FlagValue | null>(
  flagKey: string,
  fallback: T,
  errorCode: EvaluationErrorCode,
  errorMessage: string,
): EvaluationDetails<Answer<T>> {
  return { flagKey, value: fallback as Answer<T>, reason: 'ERROR', errorCode, errorMessage };
}

function typeOf(fallback: FlagValue | null): FlagType | undefined {
  if (fallback === null) return undefined;
  const type = typeof fallback;
  return type === 'boolean' || type === 'string' || type === 'number' ? type : 'object';
}
