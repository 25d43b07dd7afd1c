import type { FlagValue } from '../document/types.ts';
import type { EvaluationContext } from '../evaluation/context.ts';
import type { EvaluationDetails, Widened } from '../evaluation/details.ts';
import type { AllOptions, Evaluator } from '../evaluation/evaluator.ts';

/** Answers questions from the evaluator of the moment. The client swaps it whole; a pinned reader is never swapped. */
export class FlagReader {
  #evaluator: Evaluator | undefined;
  readonly #overrides: Overrides;

  constructor(evaluator: Evaluator | undefined, overrides: Overrides) {
    this.#evaluator = evaluator;
    this.#overrides = overrides;
  }

  swap(evaluator: Evaluator): void {
    this.#evaluator = evaluator;
  }

  /** A reader of this moment's flags that later swaps do not reach. */
  pin(): FlagReader {
    return new FlagReader(this.#evaluator, this.#overrides);
  }

  get cacheSize(): number {
    return this.#evaluator?.cacheSize ?? 0;
  }

  clearCache(): void {
    this.#evaluator?.clearCache();
  }

  isEnabled(key: string, context: EvaluationContext | undefined, fallback: boolean): boolean {
    if (this.#overrides.size > 0) {
      const value = this.#overrides.get(key);
      if (value !== undefined) return typeof value === 'boolean' ? value : fallback;
    }
    return this.#evaluator === undefined ? fallback : this.#evaluator.isEnabled(key, context, fallback);
  }

  value<T extends FlagValue>(key: string, context: EvaluationContext | undefined, fallback: T): Widened<T> {
    return this.details(key, context, fallback).value;
  }

  details<T extends FlagValue>(
    key: string,
    context: EvaluationContext | undefined,
    fallback: T,
  ): EvaluationDetails<Widened<T>> {
    const value = this.#overrides.get(key);
    if (value !== undefined && typeof value === typeof fallback) {
      return { flagKey: key, value: value as Widened<T>, variant: 'override', reason: 'STATIC' };
    }
    return (
      this.#evaluator?.details(key, context, fallback) ?? {
        flagKey: key,
        value: fallback as Widened<T>,
        reason: 'ERROR',
        errorCode: 'PROVIDER_NOT_READY',
        errorMessage: 'there is no flag document yet',
      }
    );
  }

  all(context: EvaluationContext | undefined, options?: AllOptions): Readonly<Record<string, FlagValue>> {
    return { ...this.#evaluator?.all(context, options), ...this.#overrides.values() };
  }
}

/** Values that stand above the document: the emergency brake. */
export class Overrides {
  readonly #byKey = new Map<string, { readonly value: FlagValue; readonly untilMs: number | undefined }>();
  readonly #nowMs: () => number;

  constructor(initial: Readonly<Record<string, FlagValue>>, nowMs: () => number = Date.now) {
    this.#nowMs = nowMs;
    for (const [key, value] of Object.entries(initial)) this.set(key, value);
  }

  get size(): number {
    return this.#byKey.size;
  }

  set(key: string, value: FlagValue, forMs?: number): void {
    this.#byKey.set(key, { value, untilMs: forMs === undefined ? undefined : this.#nowMs() + forMs });
  }

  remove(key: string): void {
    this.#byKey.delete(key);
  }

  get(key: string): FlagValue | undefined {
    const override = this.#byKey.get(key);
    if (override === undefined) return undefined;
    if (override.untilMs === undefined || override.untilMs > this.#nowMs()) return override.value;
    this.#byKey.delete(key);
    return undefined;
  }

  keys(): readonly string[] {
    return [...this.#byKey.keys()].filter((key) => this.get(key) !== undefined);
  }

  values(): Readonly<Record<string, FlagValue>> {
    const values = Object.create(null) as Record<string, FlagValue>;
    for (const key of this.keys()) values[key] = this.get(key) as FlagValue;
    return values;
  }
}
