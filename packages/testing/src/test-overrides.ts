import type { FlagValue } from '@clarity/flags-core';

/** Overrides of a test client. Their time runs out by the clock, without a timer. */
export class TestOverrides {
  readonly #byKey = new Map<string, { readonly value: FlagValue; readonly untilMs: number }>();

  /** @throws RangeError when `forMs` is no positive number. */
  set(key: string, value: FlagValue, forMs = Number.POSITIVE_INFINITY): void {
    if (!(forMs > 0)) throw new RangeError(`forMs is ${forMs}; a number above 0 is allowed`);
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

  keys(): readonly string[] {
    return [...this.#byKey.keys()].filter((key) => this.get(key) !== undefined);
  }

  values(): Readonly<Record<string, FlagValue>> {
    const values = Object.create(null) as Record<string, FlagValue>;
    for (const key of this.keys()) values[key] = this.get(key) as FlagValue;
    return values;
  }
}
