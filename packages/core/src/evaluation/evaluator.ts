import type { FlagDocument, FlagValue } from '../document/types.ts';
import { bucketOf, threshold } from './bucket.ts';
import { type CompiledFlag, compileFlag, type Deal, failure } from './compiled-flag.ts';
import { holds, type InSegment } from './condition.ts';
import { attributeOf, type EvaluationContext, targetingKeyOf, unitOf } from './context.ts';
import type { EvaluationDetails, Widened } from './details.ts';
import type { Dealing, Outcome } from './outcome.ts';
import { segmentsOf } from './segment.ts';

export interface EvaluatorOptions {
  /** The clock, in Unix milliseconds. Read only for flags with a schedule or a ramp. Default `Date.now`. */
  readonly now?: () => number;
}

export interface AllOptions {
  /** Only flags that are marked `clientVisible`. Default false. */
  readonly clientVisibleOnly?: boolean;
}

/** What `value` gives: the fallback's type, or any with null as the fallback. */
type ValueFor<T extends FlagValue | null> = T extends FlagValue ? Widened<T> : FlagValue | null;

const UNKNOWN = failure('FLAG_NOT_FOUND', 'no such flag');
const BROKEN = failure('INVALID_CONTEXT', 'reading the context threw');
const CYCLE = failure('GENERAL', 'prerequisites in a circle');

/** Answers questions about one document. Made by `createEvaluator`. No method throws or waits, whatever the context does. */
export class Evaluator {
  readonly document: FlagDocument;
  readonly #clock: () => number;
  /** Every flag of the document; null until its first use. */
  #flags!: Map<string, CompiledFlag | null>;
  #inSegment!: InSegment;
  #compiled = 0;
  /** Numbers the evaluations of flags that ask segments, other flags or the clock, so that each asks once. */
  #stamp = 0;
  #nowStamp = 0;
  #nowMs = 0;
  readonly #waiting: CompiledFlag[] = [];

  constructor(document: FlagDocument, { now = Date.now }: EvaluatorOptions = {}) {
    this.document = document;
    this.#clock = now;
    this.clearCache();
  }

  /** Whether a boolean flag is on; `fallback` when it is unknown, not boolean, set aside, or serves the caller's fallback. */
  isEnabled(key: string, context: EvaluationContext | undefined, fallback: boolean): boolean {
    const flag = this.#flag(key);
    if (flag === undefined) return fallback;
    const { enabled } = flag.constant ?? this.#decide(flag, context);
    return enabled === undefined ? fallback : enabled;
  }

  /** The flag's value; `fallback` also when its type is not the fallback's. With null as the fallback any type is given. */
  value<T extends FlagValue | null>(key: string, context: EvaluationContext | undefined, fallback: T): ValueFor<T> {
    const flag = this.#flag(key);
    const value = flag && (flag.constant ?? this.#decide(flag, context)).value;
    return (value === undefined || (fallback !== null && typeof value !== typeof fallback) ? fallback : value) as ValueFor<T>;
  }

  /** The value with variant, reason, error code, rule and bucket. */
  details<T extends FlagValue>(key: string, context: EvaluationContext | undefined, fallback: T): EvaluationDetails<Widened<T>> {
    const flag = this.#flag(key);
    const outcome = flag ? (flag.constant ?? this.#decide(flag, context)) : UNKNOWN;
    const { value = fallback, dealing } = outcome;
    const mismatch = typeof value !== typeof fallback;
    const { details } = mismatch ? failure('TYPE_MISMATCH', `the flag is a ${typeof value}, the fallback a ${typeof fallback}`) : outcome;
    let unit: string | undefined;
    try {
      unit = dealing && unitFor(dealing, context!);
    } catch {
      // The context answers no more. The value stands.
    }
    const metadata = flag?.definition?.metadata;
    return {
      flagKey: key,
      value: (mismatch ? fallback : value) as Widened<T>,
      ...details,
      ...(dealing && unit !== undefined && { bucket: bucketOf(dealing.salt, unit) }),
      ...(metadata && { flagMetadata: metadata }),
    };
  }

  /** Every flag's value for one context. Flags that would serve the caller's fallback are left out. */
  all(context: EvaluationContext | undefined, { clientVisibleOnly = false }: AllOptions = {}): Readonly<Record<string, FlagValue>> {
    const values = Object.create(null) as Record<string, FlagValue>;
    for (const key of this.#flags.keys()) {
      const flag = this.#flag(key)!;
      if (clientVisibleOnly && !flag.definition?.clientVisible) continue;
      const { value } = flag.constant ?? this.#decide(flag, context);
      if (value !== undefined) values[key] = value;
    }
    return values;
  }

  /** Compiled flags in memory. */
  get cacheSize(): number {
    return this.#compiled;
  }

  /** Drops the compiled flags. Each is compiled again on its next use; answers do not change. */
  clearCache(): void {
    const { flags, setAside = [] } = this.document;
    this.#compiled = 0;
    this.#inSegment = segmentsOf(this.document);
    this.#flags = new Map();
    for (const key of Object.keys(flags)) this.#flags.set(key, null);
    for (const { flagKey, problem } of setAside) this.#flags.set(flagKey, this.#failed('PARSE_ERROR', problem.message));
  }

  #failed(code: 'PARSE_ERROR', message: string): CompiledFlag {
    return compileFlag('', { status: 'disabled' }, failure(code, message));
  }

  #flag(key: string): CompiledFlag | undefined {
    const flag = this.#flags.get(key);
    return flag === null ? this.#load(key) : flag;
  }

  /** Compiles a flag on its first use. */
  #load(key: string): CompiledFlag {
    let flag: CompiledFlag;
    try {
      flag = compileFlag(key, this.document.flags[key]!);
    } catch {
      // Not a decoded document.
      flag = this.#failed('PARSE_ERROR', 'decode the document first');
    }
    this.#flags.set(key, flag);
    this.#compiled++;
    return flag;
  }

  #decide(flag: CompiledFlag, given: EvaluationContext | undefined): Outcome {
    const context = (typeof given === 'object' && given) || {};
    try {
      if (!flag.stamped) return this.#answer(flag, context, 0);
      const stamp = ++this.#stamp;
      return flag.prerequisites ? this.#resolve(flag, context, stamp) : this.#answer(flag, context, stamp);
    } catch {
      return BROKEN;
    }
  }

  /**
   * Answers a flag after all flags that it waits for, each once: neither a long chain nor one that forks and joins at every step costs more than
   * its length. A loop of our own instead of recursion, so that any depth fits the stack.
   */
  #resolve(flag: CompiledFlag, context: EvaluationContext, stamp: number): Outcome {
    const waiting = this.#waiting;
    // A getter in the context may ask the same evaluator: its flags lie above ours.
    const base = waiting.length;
    let answer = CYCLE;
    try {
      waiting.push(flag);
      // No chain is longer than there are flags.
      while (waiting.length > base && waiting.length - base <= this.#flags.size) {
        const current = waiting.at(-1)!;
        const open = this.#unanswered(current, stamp);
        if (open) waiting.push(open);
        else {
          answer = open === false ? current.prerequisiteFailed : this.#answer(current, context, stamp);
          current.stamp = stamp;
          current.answer = answer;
          waiting.pop();
        }
      }
      return waiting.length > base ? CYCLE : answer;
    } finally {
      waiting.length = base;
    }
  }

  /** A prerequisite without an answer yet; false when one has failed; undefined when all hold. */
  #unanswered({ prerequisites = [] }: CompiledFlag, stamp: number): CompiledFlag | false | undefined {
    for (const { flag: key, variants } of prerequisites) {
      const other = this.#flag(key);
      const answer = other?.constant ?? (other?.stamp === stamp ? other.answer : undefined);
      if (other && !answer) return other;
      if (!variants.includes(answer?.variant as string)) return false;
    }
    return undefined;
  }

  /** What the flag answers once its prerequisites hold. */
  #answer({ onMs, offMs, disabled, targets, rules, fallthrough }: CompiledFlag, context: EvaluationContext, stamp: number): Outcome {
    if (onMs !== -Infinity || offMs !== Infinity) {
      const nowMs = this.#now(stamp);
      if (nowMs < onMs || nowMs >= offMs) return disabled;
    }
    if (targets !== undefined) {
      const key = targetingKeyOf(context);
      const target = key === undefined ? key : targets.get(key);
      if (target !== undefined) return target;
    }
    for (const rule of rules) {
      if (holds(rule.when, context, stamp, this.#inSegment)) return this.#pick(rule.deal, context, stamp);
    }
    return this.#pick(fallthrough, context, stamp);
  }

  #pick({ dealing, outcomes, limits, ramp, missing }: Deal, context: EvaluationContext, stamp: number): Outcome {
    let index = 0;
    if (dealing !== undefined) {
      const unit = unitFor(dealing, context);
      if (unit === undefined) return missing;
      const bucket = bucketOf(dealing.salt, unit);
      if (ramp !== undefined) index = bucket < threshold(ramp(this.#now(stamp))) ? 0 : 1;
      else while (bucket >= limits[index]!) index++;
    }
    return outcomes[index]!;
  }

  /** One reading of the clock for one evaluation. */
  #now(stamp: number): number {
    if (this.#nowStamp !== stamp) {
      this.#nowMs = this.#clock();
      this.#nowStamp = stamp;
    }
    return this.#nowMs;
  }
}

function unitFor({ by }: Dealing, context: EvaluationContext): string | undefined {
  return by === 'targetingKey' ? targetingKeyOf(context) : unitOf(attributeOf(context, by));
}

/** An evaluator of a decoded document. Flags are compiled on first use. */
export function createEvaluator(document: FlagDocument, options?: EvaluatorOptions): Evaluator {
  return new Evaluator(document, options);
}
