import type { FlagDocument, FlagType, FlagValue } from '../document/types.ts';
import { bucketOf } from './bucket.ts';
import { answerOf, type CompiledFlag, compileFlag, failedFlag, failure } from './compiled-flag.ts';
import type { EvaluationContext } from './context.ts';
import type { EvaluationDetails, Widened } from './details.ts';
import type { Outcome } from './outcome.ts';
import { type CompiledSegment, segmentCompiler } from './segment.ts';

export interface EvaluatorOptions {
  /** The clock, in Unix milliseconds. Read only for flags with a schedule or a ramp. Default `Date.now`. */
  readonly now?: () => number;
}

export interface AllOptions {
  /** Only flags that are marked `clientVisible`. Default false. */
  readonly clientVisibleOnly?: boolean;
}

const NOTHING: EvaluationContext = Object.freeze({});
const UNKNOWN = failure('FLAG_NOT_FOUND', 'the document has no such flag');
const BROKEN_CONTEXT = failure('INVALID_CONTEXT', 'reading the evaluation context threw');
const CYCLE = failure('GENERAL', 'the prerequisites lead back to the flag');
const MISMATCH = 'TYPE_MISMATCH';
/** Stamps stay small integers, which cost nothing. */
const LAST_STAMP = 0x3fff_ffff;

/** Answers questions about one document. Made by `createEvaluator`. No method throws or waits, whatever the context does. */
export class Evaluator {
  readonly document: FlagDocument;
  readonly #clock: () => number;
  /** Every flag of the document; null until its first use. */
  #flags: Map<string, CompiledFlag | null>;
  #compiled = 0;
  #segmentOf: (name: string) => CompiledSegment;
  #stamp = 0;
  #nowStamp = 0;
  #nowMs = 0;
  readonly #waiting: CompiledFlag[] = [];

  constructor(document: FlagDocument, options: EvaluatorOptions = {}) {
    this.document = document;
    this.#clock = options.now ?? Date.now;
    this.#segmentOf = segmentCompiler(document);
    this.#flags = new Map();
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
  value<T extends FlagValue | null>(key: string, context: EvaluationContext | undefined, fallback: T): T extends FlagValue ? Widened<T> : FlagValue | null {
    type Given = T extends FlagValue ? Widened<T> : FlagValue | null;
    const flag = this.#flag(key);
    if (flag === undefined) return fallback as Given;
    const { value } = flag.constant ?? this.#decide(flag, context);
    return (value === undefined || (typeof value !== typeof fallback && fallback !== null) ? fallback : value) as Given;
  }

  /** The value with variant, reason, error code, rule and bucket. */
  details<T extends FlagValue>(key: string, context: EvaluationContext | undefined, fallback: T): EvaluationDetails<Widened<T>> {
    const flag = this.#flag(key);
    const outcome = flag === undefined ? UNKNOWN : (flag.constant ?? this.#decide(flag, context));
    return this.#describe(key, flag, outcome, context, fallback);
  }

  /** Every flag's value for one context. Flags that would serve the caller's fallback are left out. */
  all(context: EvaluationContext | undefined, options: AllOptions = {}): Readonly<Record<string, FlagValue>> {
    const values = Object.create(null) as Record<string, FlagValue>;
    for (const key of this.#flags.keys()) {
      const flag = this.#flag(key)!;
      if (options.clientVisibleOnly === true && flag.definition?.clientVisible !== true) continue;
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
    this.#segmentOf = segmentCompiler(this.document);
    this.#flags = new Map();
    for (const key of Object.keys(flags)) this.#flags.set(key, null);
    for (const { flagKey, problem } of setAside) {
      this.#flags.set(flagKey, failedFlag(flagKey, undefined, 'PARSE_ERROR', problem.message));
    }
  }

  #flag(key: string): CompiledFlag | undefined {
    const flag = this.#flags.get(key);
    return flag === null ? this.#load(key) : flag;
  }

  /** Compiles a flag on its first use. */
  #load(key: string): CompiledFlag {
    const definition = this.document.flags[key]!;
    let flag: CompiledFlag;
    try {
      flag = compileFlag(key, definition, this.#segmentOf);
    } catch (reason) {
      flag = failedFlag(key, definition, 'PARSE_ERROR', (reason as Error).message);
    }
    this.#flags.set(key, flag);
    this.#compiled++;
    return flag;
  }

  #decide(flag: CompiledFlag, given: EvaluationContext | undefined): Outcome {
    const context = typeof given === 'object' && given !== null ? given : NOTHING;
    try {
      if (!flag.stamped) return answerOf(flag, context, 0, this.#now);
      const stamp = this.#nextStamp();
      return flag.prerequisites.length === 0 ? answerOf(flag, context, stamp, this.#now) : this.#resolve(flag, context, stamp);
    } catch {
      return BROKEN_CONTEXT;
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
    let answer: Outcome | undefined;
    try {
      waiting.push(flag);
      while (waiting.length > base) {
        const current = waiting[waiting.length - 1]!;
        const open = this.#unanswered(current, stamp);
        if (open === undefined || open === false) {
          answer = open === false ? current.prerequisiteFailed : answerOf(current, context, stamp, this.#now);
          current.stamp = stamp;
          current.answer = answer;
          waiting.pop();
        } else if (waiting.length - base > this.#flags.size) return CYCLE;
        else waiting.push(open);
      }
    } finally {
      waiting.length = base;
    }
    return answer!;
  }

  /** A prerequisite without an answer yet; false when one has failed; undefined when all hold. */
  #unanswered(flag: CompiledFlag, stamp: number): CompiledFlag | false | undefined {
    for (const { flag: key, variants } of flag.prerequisites) {
      const other = this.#flag(key);
      const answer = other?.constant ?? (other?.stamp === stamp ? other.answer : undefined);
      if (other !== undefined && answer === undefined) return other;
      if (answer?.variant === undefined || !variants.includes(answer.variant)) return false;
    }
    return undefined;
  }

  #nextStamp(): number {
    if (this.#stamp === LAST_STAMP) {
      // Begin anew, and forget every answer under an old stamp.
      this.clearCache();
      this.#stamp = 0;
      this.#nowStamp = 0;
    }
    return ++this.#stamp;
  }

  /** One reading of the clock for one evaluation. */
  readonly #now = (stamp: number): number => {
    if (this.#nowStamp !== stamp) {
      this.#nowMs = this.#clock();
      this.#nowStamp = stamp;
    }
    return this.#nowMs;
  };

  #describe<T extends FlagValue>(
    flagKey: string,
    flag: CompiledFlag | undefined,
    outcome: Outcome,
    context: EvaluationContext | undefined,
    fallback: T,
  ): EvaluationDetails<Widened<T>> {
    const { value, variant, reason, errorCode, errorMessage, ruleIndex, ruleId, dealing } = outcome;
    const metadata = flag?.definition?.metadata;
    const shared = {
      flagKey,
      ...(metadata !== undefined && { flagMetadata: metadata }),
    };
    if (value !== undefined && typeof value !== typeof fallback) {
      const errorMessage = `the flag is of type ${flag!.type satisfies FlagType}, the fallback is a ${typeof fallback}`;
      return { ...shared, value: fallback as Widened<T>, reason: 'ERROR', errorCode: MISMATCH, errorMessage };
    }
    let bucket: number | undefined;
    try {
      const unit = dealing?.unitOf(context!) as string | undefined;
      bucket = unit === undefined ? undefined : bucketOf(dealing!.salt, unit);
    } catch {
      // The context answers no more; the value stands.
    }
    return {
      ...shared,
      value: (value ?? fallback) as Widened<T>,
      reason,
      ...(variant !== undefined && { variant }),
      ...(errorCode !== undefined && { errorCode }),
      ...(errorMessage !== undefined && { errorMessage }),
      ...(ruleIndex !== undefined && { ruleIndex }),
      ...(ruleId !== undefined && { ruleId }),
      ...(bucket !== undefined && { bucket }),
    };
  }
}

/** An evaluator of a decoded document. Flags are compiled on first use. */
export function createEvaluator(document: FlagDocument, options?: EvaluatorOptions): Evaluator {
  return new Evaluator(document, options);
}
