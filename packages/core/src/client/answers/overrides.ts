import { describeOption } from '../../adapter-kit/adapter-options.ts';
import type { FlagValue } from '../../document/types.ts';
import { MAX_DEPTH } from '../../document/inspection.ts';
import { isShallow } from '../../document/is-shallow.ts';
import type { LogEntry } from '../../refresh/protocol.ts';
import { formOf } from '../../document/value-form.ts';
import type { Moment } from '../../refresh/moment.ts';

/** A value that stands above the document, as `client.overrides()` shows it. */
export interface ActiveOverride {
  readonly flagKey: string;
  readonly value: FlagValue;
  /** Milliseconds until it ends by itself; null for one that stays. */
  readonly leftMs: number | null;
  /** When that will be, in Unix milliseconds. The same for as long as nobody sets the clock. */
  readonly endsAtMs: number | null;
  /** Who set it, where that was said. */
  readonly author: string | null;
}

export interface OverrideOptions {
  /** How long it stands, 1 to 2^31-1 ms. Default: until it is removed. */
  readonly forMs?: number | undefined;
  /** Who asks for it, for the log: with an author it is told at `warn`, else at `info`. */
  readonly author?: string | undefined;
}

interface Override {
  readonly value: FlagValue;
  readonly author: string | undefined;
  /**
   * Monotonic milliseconds: a clock that is set must not let go of an emergency brake. Undefined for one that stays.
   */
  readonly untilMs: number | undefined;
  /** The same in Unix milliseconds, to be shown. */
  endsAtMs: number | undefined;
}

/** By so much may two clocks part before another end is shown. */
const MOST_DRIFT_MS = 1_000;

/** What is wrong with a value that was given for an override, or undefined when a flag can have it. */
export function overrideProblem(name: string, value: unknown): string | undefined {
  const type = typeof value;
  if (type === 'boolean' || type === 'string' || Number.isFinite(value)) return undefined;
  const found = type === 'number' ? String(value) : misshape(value);
  if (found === undefined) return undefined;
  return `${name} is ${found}; allowed is a flag value: true, false, text, a finite number, an object or a list`;
}

/**
 * Pages and logs show flags as JSON, which one that holds itself, or a bigint, would make impossible. One that nests
 * deeper than a document may would use up the stack of some of them and not of others.
 */
function misshape(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return describeOption(value);
  try {
    if (!isShallow(value, MAX_DEPTH)) return `an object that nests deeper than ${MAX_DEPTH}, or holds itself`;
    if (JSON.stringify(value) !== undefined) return undefined;
  } catch {
    // The same answer as for what has no JSON.
  }
  return 'an object that JSON cannot hold';
}

/** Values that stand above the document: the emergency brake. */
export class Overrides {
  readonly #byKey = new Map<string, Override>();
  /** Keys of those that were asked for as another type than theirs: the brake does not hold as it was meant. */
  readonly #mismatched = new Set<string>();
  readonly #now: () => Pick<Moment, 'monotonicMs' | 'wallMs'>;
  readonly #log: (entry: LogEntry) => void;

  constructor(
    initial: Readonly<Record<string, FlagValue>>,
    now: () => Pick<Moment, 'monotonicMs' | 'wallMs'>,
    log: (entry: LogEntry) => void,
  ) {
    this.#now = now;
    this.#log = log;
    for (const [key, value] of Object.entries(initial))
      this.#byKey.set(key, { value, untilMs: undefined, endsAtMs: undefined, author: undefined });
  }

  /** Whether there may be one: some may have ended since. */
  get isEmpty(): boolean {
    return this.#byKey.size === 0;
  }

  set(key: string, value: FlagValue, { forMs, author }: OverrideOptions): void {
    this.#mismatched.delete(key);
    const { monotonicMs, wallMs } = this.#now();
    const untilMs = forMs === undefined ? undefined : monotonicMs + forMs;
    const endsAtMs = forMs === undefined ? undefined : Math.round(wallMs + forMs);
    this.#byKey.set(key, { value, author, untilMs, endsAtMs });
    this.#tell('flag overridden', key, author, forMs);
  }

  remove(key: string, { author }: Pick<OverrideOptions, 'author'>): void {
    this.#byKey.delete(key);
    this.#tell('override removed', key, author);
  }

  get(key: string): FlagValue | undefined {
    const override = this.#byKey.get(key);
    if (override === undefined) return undefined;
    if (override.untilMs === undefined || override.untilMs > this.#now().monotonicMs) return override.value;
    this.#byKey.delete(key);
    this.#tell('override ended: its time is over', key, override.author);
    return undefined;
  }

  /** Notes that a value of the type of `asked` was wanted, which the override is not. */
  mismatch(key: string, value: FlagValue, asked: FlagValue): void {
    if (this.#mismatched.has(key)) return;
    this.#mismatched.add(key);
    this.#log({
      level: 'warn',
      message: 'an override is of another type than the flag is asked for; the fallback is served',
      fields: { flag: key, found: formOf(value), asked: formOf(asked) },
    });
  }

  /** Those that were asked for as another type. */
  mismatched(): readonly string[] {
    return this.keys().filter((key) => this.#mismatched.has(key));
  }

  /** Those that have not ended. */
  keys(): readonly string[] {
    return [...this.#byKey.keys()].filter((key) => this.get(key) !== undefined);
  }

  /** The same with all that is known of them. */
  active(): readonly ActiveOverride[] {
    return this.keys().flatMap((flagKey): ActiveOverride[] => {
      const override = this.#byKey.get(flagKey);
      if (override === undefined) return [];
      const { value, author = null, untilMs } = override;
      if (untilMs === undefined) return [{ flagKey, value, author, leftMs: null, endsAtMs: null }];
      const { monotonicMs, wallMs } = this.#now();
      const leftMs = Math.round(untilMs - monotonicMs);
      return [{ flagKey, value, author, leftMs, endsAtMs: shownEnd(override, wallMs + leftMs) }];
    });
  }

  /** What a person did is told to the rest at once; what code does, to those who listen closely. */
  #tell(message: string, flag: string, author: string | undefined, forMs?: number): void {
    this.#log({ level: author === undefined ? 'info' : 'warn', message, fields: { flag, forMs, author } });
  }
}

/**
 * The end that was shown before, unless a clock was set since: worked out anew it would differ by a millisecond now and
 * then, and those who watch would be told of a change.
 */
function shownEnd(override: Override, endsAtMs: number): number {
  if (override.endsAtMs === undefined || Math.abs(endsAtMs - override.endsAtMs) > MOST_DRIFT_MS)
    override.endsAtMs = Math.round(endsAtMs);
  return override.endsAtMs;
}
