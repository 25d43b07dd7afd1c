import type { FlagValue } from '@clarity/flags-core';
import type { Answer, EvaluationDetails } from '@clarity/flags-core/evaluation';

/** Whether a value may be given to somebody who asks for one like `asked`: of the same type, where lists and objects are two. Null asks for any. */
export function isLike(value: FlagValue, asked: FlagValue | null): boolean {
  return asked === null || formOf(value) === formOf(asked);
}

function formOf(value: FlagValue | null): string {
  return Array.isArray(value) ? 'list' : typeof value;
}

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

  /** The override's value, or the fallback where a value of another type was asked for. */
  answer<T extends FlagValue | null>(
    key: string,
    value: FlagValue,
    asked: FlagValue | null,
    fallback: T,
  ): EvaluationDetails<Answer<T>> {
    if (isLike(value, asked)) return { flagKey: key, value: value as Answer<T>, variant: 'override', reason: 'STATIC' };
    this.mismatch(key);
    const errorMessage = `the override is ${formOf(value)}, not ${formOf(asked)}`;
    return { flagKey: key, value: fallback as Answer<T>, reason: 'ERROR', errorCode: 'TYPE_MISMATCH', errorMessage };
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
