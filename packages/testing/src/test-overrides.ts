import type { FlagValue } from '@clarity/flags-core';
import type { EvaluationDetails, Widened } from '@clarity/flags-core/evaluation';

/** Overrides of a test client. Their time runs out by the clock, without a timer. */
export class TestOverrides {
  readonly #byKey = new Map<string, { readonly value: FlagValue; readonly untilMs: number }>();
  readonly #mismatched = new Set<string>();

  /** @throws RangeError when `forMs` is no positive number. */
  set(key: string, value: FlagValue, forMs = Number.POSITIVE_INFINITY): void {
    if (!(forMs > 0)) throw new RangeError(`forMs is ${forMs}; a number above 0 is allowed`);
    this.#mismatched.delete(key);
    this.#byKey.set(key, { value, untilMs: Date.now() + forMs });
  }

  remove(key: string): void {
    this.#byKey.delete(key);
  }

  clear(): void {
    this.#byKey.clear();
  }

  get(key: string): FlagValue | undefined {
    const override = this.#byKey.get(key);
    return override !== undefined && override.untilMs > Date.now() ? override.value : undefined;
  }

  /** The override's value, or the fallback where that is of another type. */
  answer<T extends FlagValue>(key: string, value: FlagValue, fallback: T): EvaluationDetails<Widened<T>> {
    if (typeof value === typeof fallback)
      return { flagKey: key, value: value as Widened<T>, variant: 'override', reason: 'STATIC' };
    this.mismatch(key);
    const errorMessage = `the override is ${typeof value}, not ${typeof fallback}`;
    return { flagKey: key, value: fallback as Widened<T>, reason: 'ERROR', errorCode: 'TYPE_MISMATCH', errorMessage };
  }

  mismatch(key: string): void {
    this.#mismatched.add(key);
  }

  /** Keys of those that were asked for as another type than theirs. */
  mismatched(): readonly string[] {
    return this.keys().filter((key) => this.#mismatched.has(key));
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
