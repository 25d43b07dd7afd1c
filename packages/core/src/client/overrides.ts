import type { FlagValue } from '../document/types.ts';

interface Override {
  readonly value: FlagValue;
  /** Monotonic milliseconds: a clock that is set must not let go of an emergency brake. Undefined for one that stays. */
  readonly untilMs: number | undefined;
}

/** Values that stand above the document: the emergency brake. */
export class Overrides {
  readonly #byKey = new Map<string, Override>();
  readonly #nowMs: () => number;

  constructor(initial: Readonly<Record<string, FlagValue>>, nowMs: () => number) {
    this.#nowMs = nowMs;
    for (const [key, value] of Object.entries(initial)) this.set(key, value);
  }

  /** Whether there may be one: some may have ended since. */
  get isEmpty(): boolean {
    return this.#byKey.size === 0;
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

  /** Those that have not ended. */
  keys(): readonly string[] {
    return [...this.#byKey.keys()].filter((key) => this.get(key) !== undefined);
  }
}
