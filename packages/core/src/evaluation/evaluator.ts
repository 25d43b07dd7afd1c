import type { FlagDocument, FlagValue, Prerequisite } from '../document/types.ts';
import { fits } from '../document/value-form.ts';
import { answerSoFar } from './answer-so-far.ts';
import { type CompiledFlag, compileFlag, compiledFlag, failedOutcome, UNCOMPILED } from './compile-flag.ts';
import type { EvaluationContext } from './context.ts';
import type { Answer, EvaluationDetails } from './details.ts';
import { type Answered, detailsOf } from './details-of.ts';
import { type Doubts, isNoContext } from './doubts.ts';
import { CYCLE, failureOf, UNKNOWN } from './failures.ts';
import { type CompiledSegment, compileSegment, YES } from './segment.ts';
import { SharedParts } from './shared-parts.ts';
import type { Outcome } from './step.ts';
import type { Tally } from './tally.ts';
import { type Surroundings, walk } from './walk.ts';
import { beginWork, endWork, MAX_WORK, MAX_WORK_OF_ALL } from './work.ts';

export interface EvaluatorOptions {
  /** The clock, in Unix milliseconds. Read only for flags with a schedule or a ramp. Default `Date.now`. */
  readonly now?: () => number;
}

export interface AllOptions {
  /** Only flags that are marked `clientVisible`. Default false. */
  readonly clientVisibleOnly?: boolean;
}

/** A question about all flags at once. */
interface Round {
  readonly context: EvaluationContext;
  readonly stamp: number;
  /** Units of work, for the flags that are still to come. */
  left: number;
}

const NOTHING: EvaluationContext = {};
/** A question by this key needs not be told of again. */
const UNKNOWN_KEY = false;
/** Stamps stay small integers, which cost no memory. */
const LAST_STAMP = 1e9;
/** The stamp of no evaluation: what was left in the middle of its question is asked anew. */
const NEVER = 0;

/**
 * Answers questions about one document. Made by `createEvaluator`. No method throws or waits, even where reading the
 * context throws.
 */
export class Evaluator {
  readonly document: FlagDocument;
  /** Every flag of the document; null until its first use. And keys of none, of which somebody has been told. */
  #flags!: Map<string, CompiledFlag | null | typeof UNKNOWN_KEY>;
  #segments!: Map<string, CompiledSegment>;
  #shared!: SharedParts;
  /** The number of the last evaluation. */
  #stamp!: number;
  readonly #around: Surroundings;
  readonly #tally: Tally | undefined;

  /** For clients: `tally` counts the answers to questions about one flag, `doubts` hears what they cannot mean. */
  constructor(document: FlagDocument, { now = Date.now }: EvaluatorOptions = {}, tally?: Tally, doubts?: Doubts) {
    this.document = document;
    this.#tally = tally;
    this.#around = {
      nowMs: now,
      doubts,
      segment: (name) => this.#segment(name).start,
      inSegment: (name, context, stamp) => {
        const segment = this.#segment(name);
        if (segment.stamp !== stamp) {
          // Until there is an answer, a question for it has come in a circle.
          segment.answer = UNCOMPILED;
          segment.stamp = stamp;
          try {
            segment.answer = walk(segment.start, context, stamp, this.#around);
            // Meanwhile the context may have asked questions of its own.
            segment.stamp = stamp;
          } catch (thrown) {
            segment.stamp = NEVER;
            throw thrown;
          }
        }
        if (segment.answer === UNCOMPILED) throw UNCOMPILED;
        return segment.answer === YES;
      },
      variantOf: (flagKey, context, stamp) => {
        const flag = this.#flag(flagKey);
        if (flag === undefined) return undefined;
        const known = flag.constant ?? answerSoFar(flag, stamp);
        return (known ?? this.#answer(flag, context, stamp)).details.variant;
      },
    };
    this.clearCache();
  }

  /**
   * Whether a boolean flag is on; `fallback` when it is unknown, not boolean, set aside, or serves the caller's
   * fallback.
   */
  isEnabled(key: string, context: EvaluationContext | undefined, fallback: boolean): boolean {
    const outcome = this.#outcome(key, context);
    const enabled = outcome?.enabled;
    if (enabled === undefined) {
      this.#count(key, outcome, fallback);
      return fallback;
    }
    // The common case: the shortest way. An answer that is no error has a place wherever somebody counts.
    const place = outcome?.place;
    if (place !== undefined) {
      if (place.times > 0) place.times += 1;
      else this.#tally?.answered(key, outcome);
    }
    return enabled;
  }

  /** The flag's value; `fallback` also when it has another form. With null as the fallback any value is given. */
  value<T extends FlagValue | null>(key: string, context: EvaluationContext | undefined, fallback: T): Answer<T> {
    const outcome = this.#outcome(key, context);
    this.#count(key, outcome, fallback);
    const value = outcome?.value ?? fallback;
    return (fits(value, fallback) ? value : fallback) as Answer<T>;
  }

  /**
   * The value with variant, reason, error code, rule, bucket, and what of the context could not be used. Null as the
   * fallback as in `value`.
   */
  details<T extends FlagValue | null>(
    key: string,
    context: EvaluationContext | undefined,
    fallback: T,
  ): EvaluationDetails<Answer<T>> {
    // That of the evaluation: a context may ask questions of its own while it is read.
    const stamp = (this.#stamp % LAST_STAMP) + 1;
    const outcome = this.#outcome(key, context);
    this.#count(key, outcome, fallback);
    const answered = this.#answered(key, outcome ?? UNKNOWN, context, stamp);
    return detailsOf(answered, fallback, this.#around, { left: MAX_WORK });
  }

  /** Every flag's value for one context. Flags that would serve the caller's fallback are left out. */
  all(context: EvaluationContext | undefined, options?: AllOptions): Readonly<Record<string, FlagValue>> {
    const values = Object.create(null) as Record<string, FlagValue>;
    const round = this.#round(context);
    for (const [key, compiled] of this.#flags) {
      if (compiled === UNKNOWN_KEY) continue;
      const flag = compiled ?? this.#load(key);
      if (options?.clientVisibleOnly && !flag.definition?.clientVisible) continue;
      const { value } = flag.constant ?? this.#decideIn(round, flag);
      if (value !== undefined) values[key] = value;
    }
    return values;
  }

  /**
   * Every flag's details for one context, of any type: null is the value of those that would serve the caller's
   * fallback.
   */
  allDetails(
    context: EvaluationContext | undefined,
    options?: AllOptions,
  ): Readonly<Record<string, EvaluationDetails<FlagValue | null>>> {
    const details = Object.create(null) as Record<string, EvaluationDetails<FlagValue | null>>;
    const round = this.#round(context);
    for (const [key, compiled] of this.#flags) {
      if (compiled === UNKNOWN_KEY) continue;
      const flag = compiled ?? this.#load(key);
      if (options?.clientVisibleOnly && !flag.definition?.clientVisible) continue;
      const outcome = flag.constant ?? this.#decideIn(round, flag);
      details[key] = detailsOf(this.#answered(key, outcome, context, round.stamp), null, this.#around, round);
    }
    return details;
  }

  /** Compiled flags in memory. */
  get cacheSize(): number {
    return [...this.#flags.values()].filter((flag) => flag && flag.definition).length;
  }

  /** Drops the compiled flags. Each is compiled again on its next use; answers do not change. */
  clearCache(): void {
    const { flags, setAside = [] } = this.document;
    this.#stamp = 0;
    this.#segments = new Map();
    this.#shared = new SharedParts();
    this.#flags = new Map();
    for (const key in flags) this.#flags.set(key, null);
    for (const { flagKey, problem } of setAside)
      this.#flags.set(flagKey, compiledFlag(failedOutcome('PARSE_ERROR', problem.message)));
  }

  /** The answer to a question about one flag; undefined for an unknown flag. */
  #outcome(key: string, context: EvaluationContext | undefined): Outcome | undefined {
    const known = this.#flags.get(key);
    if (known) return known.constant ?? this.#decide(known, context);
    const flag = this.#firstAsked(key, known, context);
    return flag && (flag.constant ?? this.#decide(flag, context));
  }

  /** A flag that is asked for the first time, or by a key that is unknown: here is time to look at the question. */
  #firstAsked(
    key: string,
    known: typeof UNKNOWN_KEY | null | undefined,
    context: EvaluationContext | undefined,
  ): CompiledFlag | undefined {
    const { doubts } = this.#around;
    if (known === null) {
      if (isNoContext(context)) doubts?.noContext(context);
      return this.#load(key);
    }
    if (known === undefined && doubts?.unknownFlag(key)) this.#flags.set(key, UNKNOWN_KEY);
    return undefined;
  }

  #answered(flagKey: string, outcome: Outcome, context: EvaluationContext | undefined, stamp: number): Answered {
    return { flagKey, flag: this.#flag(flagKey), outcome, context, stamp };
  }

  /** Tells the tally of the answer to somebody who asks for a value like `fallback`. */
  #count(key: string, outcome: Outcome | undefined, fallback: FlagValue | null): void {
    const value = outcome?.value;
    const place = outcome?.place;
    if (value !== undefined && !fits(value, fallback)) this.#tally?.mismatched(key);
    else if (place !== undefined && place.times > 0) place.times += 1;
    else this.#tally?.answered(key, outcome);
  }

  #flag(key: string): CompiledFlag | undefined {
    const flag = this.#flags.get(key);
    return flag === null ? this.#load(key) : flag || undefined;
  }

  #segment(name: string): CompiledSegment {
    let segment = this.#segments.get(name);
    if (!segment) {
      const { segments = {} } = this.document;
      segment = compileSegment(Object.hasOwn(segments, name) ? segments[name] : undefined);
      this.#segments.set(name, segment);
    }
    return segment;
  }

  /** Compiles a flag on its first use. */
  #load(key: string): CompiledFlag {
    let flag = compiledFlag(UNCOMPILED);
    try {
      flag = compileFlag(key, this.document, this.#shared, () => this.#tally?.place());
    } catch {
      // It holds what no decoder that looks at every part would have let through.
    }
    this.#flags.set(key, flag);
    return flag;
  }

  #decide(flag: CompiledFlag, given: EvaluationContext | undefined): Outcome {
    const context = given ?? NOTHING;
    if (this.#stamp >= LAST_STAMP) this.clearCache();
    const stamp = ++this.#stamp;
    const outer = beginWork(MAX_WORK);
    try {
      return flag.prerequisites ? this.#resolve(flag, context, stamp) : walk(flag.start, context, stamp, this.#around);
    } catch (thrown) {
      return failureOf(thrown);
    } finally {
      endWork(outer);
    }
  }

  #round(context: EvaluationContext | undefined): Round {
    if (this.#stamp >= LAST_STAMP) this.clearCache();
    return { context: context ?? NOTHING, stamp: ++this.#stamp, left: MAX_WORK_OF_ALL };
  }

  /** Decides a flag among all others: segments and prerequisites are asked once for all of them. */
  #decideIn(round: Round, flag: CompiledFlag): Outcome {
    const { context, stamp } = round;
    if (flag.stamp === stamp) return flag.answer!;
    const allowed = Math.min(MAX_WORK, round.left);
    const outer = beginWork(allowed);
    try {
      return this.#answer(flag, context, stamp);
    } catch (thrown) {
      return failureOf(thrown);
    } finally {
      round.left -= allowed - Math.max(0, endWork(outer));
    }
  }

  /** The answer of a flag within an evaluation, which other flags of it need not ask for again. */
  #answer(flag: CompiledFlag, context: EvaluationContext, stamp: number): Outcome {
    if (flag.prerequisites) return this.#resolve(flag, context, stamp);
    const outcome = this.#ask(flag, context, stamp);
    flag.answer = outcome;
    // Meanwhile the context may have asked questions of its own.
    flag.stamp = stamp;
    return outcome;
  }

  /** Asks a flag whose prerequisites hold. */
  #ask(flag: CompiledFlag, context: EvaluationContext, stamp: number): Outcome {
    // Until there is an answer, a question for it has come in a circle.
    flag.answer = undefined;
    flag.stamp = stamp;
    try {
      return walk(flag.start, context, stamp, this.#around);
    } catch (thrown) {
      flag.stamp = NEVER;
      throw thrown;
    }
  }

  /**
   * Answers a flag after all flags that it waits for, each once: neither a long chain nor one that forks and joins at
   * every step costs more than its length. A loop of our own instead of recursion, so that any depth fits the stack.
   */
  #resolve(flag: CompiledFlag, context: EvaluationContext, stamp: number): Outcome {
    const waiting = [flag];
    // How many prerequisites of each hold: none is asked again, even if the context asks other flags while it is read.
    const held = [0];
    // No chain is longer than there are flags.
    while (waiting.length <= this.#flags.size) {
      const current = waiting.at(-1)!;
      let open: CompiledFlag | undefined;
      let at = held.pop()!;
      let next: Prerequisite | undefined;
      for (; (next = current.prerequisites?.[at]) !== undefined; at++) {
        const other = this.#flag(next.flag);
        const known = other && (other.constant ?? answerSoFar(other, stamp));
        if (!known) open = other;
        if (!next.variants.includes(known?.details.variant as string)) break;
      }
      if (open) {
        waiting.push(open);
        held.push(at, 0);
      } else {
        const outcome = next ? current.prerequisiteFailed : this.#ask(current, context, stamp);
        current.answer = outcome;
        current.stamp = stamp;
        waiting.pop();
        if (current === flag) return outcome;
      }
    }
    return CYCLE;
  }
}

/** An evaluator of a decoded document. Flags are compiled on first use. */
export function createEvaluator(document: FlagDocument, options?: EvaluatorOptions): Evaluator {
  return new Evaluator(document, options);
}
