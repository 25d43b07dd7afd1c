import { describeOption } from '../../adapter-kit/adapter-options.ts';
import type { FlagValue } from '../../document/types.ts';
import { formOf } from '../../document/value-form.ts';

interface Override {
  readonly value: FlagValue;
  /**
   * Monotonic milliseconds: a clock that is set must not let go of an emergency brake. Undefined for one that stays.
   */
  readonly untilMs: number | undefined;
}

/** What is wrong with a value that was given for an override, or undefined when a flag can have it. */
export function overrideProblem(name: string, value: unknown): string | undefined {
  const type = typeof value;
  if (type === 'boolean' || type === 'string' || Number.isFinite(value)) return undefined;
  let found = type === 'number' ? String(value) : describeOption(value);
  if (type === 'object' && value !== null) {
    if (isJson(value)) return undefined;
    found = 'an object that JSON cannot hold';
  }
  return `${name} is ${found}; allowed is a flag value: true, false, text, a finite number, an object or a list`;
}

/** Pages and logs show flags as JSON, which one that holds itself, or a bigint, would make impossible. */
function isJson(value: unknown): boolean {
  try {
    return JSON.stringify(value) !== undefined;
  } catch {
    return false;
  }
}

/** Values that stand above the document: the emergency brake. */
export class Overrides {
  readonly #byKey = new Map<string, Override>();
  /** Keys of those that were asked for as another type than theirs: the brake does not hold as it was meant. */
  readonly #mismatched = new Set<string>();
  readonly #nowMs: () => number;
  readonly #warn: (key: string, found: string, asked: string) => void;

  /** `warn` is told once of each override whose type is not the one that is asked for. */
  constructor(
    initial: Readonly<Record<string, FlagValue>>,
    nowMs: () => number,
    warn: (key: string, found: string, asked: string) => void,
  ) {
    this.#nowMs = nowMs;
    this.#warn = warn;
    for (const [key, value] of Object.entries(initial)) this.set(key, value);
  }

  /** Whether there may be one: some may have ended since. */
  get isEmpty(): boolean {
    return this.#byKey.size === 0;
  }

  set(key: string, value: FlagValue, forMs?: number): void {
    this.#mismatched.delete(key);
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

  /** Notes that a value of the type of `asked` was wanted, which the override is not. */
  mismatch(key: string, value: FlagValue, asked: FlagValue): void {
    if (this.#mismatched.has(key)) return;
    this.#mismatched.add(key);
    this.#warn(key, formOf(value), formOf(asked));
  }

  /** Those that were asked for as another type. */
  mismatched(): readonly string[] {
    return this.keys().filter((key) => this.#mismatched.has(key));
  }

  /** Those that have not ended. */
  keys(): readonly string[] {
    return [...this.#byKey.keys()].filter((key) => this.get(key) !== undefined);
  }
}
