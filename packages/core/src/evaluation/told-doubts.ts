import type { EvaluationContext } from './context.ts';
import { type Doubts, isNoContext, likeTargetingKey } from './doubts.ts';
import { shownForm } from './shown-form.ts';

/** A line about a question. */
export interface DoubtLine {
  readonly about: 'flag' | 'context';
  readonly message: string;
  readonly fields: Readonly<Record<string, string>>;
}

export interface DoubtLog {
  /** Whether a line would be written at this moment. */
  wants(about: DoubtLine['about']): boolean;
  say(line: DoubtLine): void;
}

/** Keys may come from anywhere, and there is no end to them. */
const MOST_KEYS = 100;
const LONGEST_KEY = 100;
/** So many contexts without a targeting key are looked at: most are of visitors, who have none. */
const MOST_LOOKS = 1_000;

/** Says each doubt once. A program that asks in doubt all day pays for a comparison, or for a look into a set. */
export class ToldDoubts implements Doubts {
  readonly #log: DoubtLog;
  readonly #keys = new Set<string>();
  readonly #slips = new Set<string>();
  #looks = 0;

  constructor(log: DoubtLog) {
    this.#log = log;
  }

  unknownFlag(flagKey: string): boolean {
    if (this.#keys.has(flagKey)) return true;
    if (this.#keys.size >= MOST_KEYS || !this.#log.wants('flag')) return false;
    this.#keys.add(flagKey);
    this.#log.say({
      about: 'flag',
      message:
        'no flag has the key that was asked for, so the fallback is served; check how it is spelled, and whether the flag is published',
      fields: { flag: flagKey.length > LONGEST_KEY ? `${flagKey.slice(0, LONGEST_KEY - 1)}…` : flagKey },
    });
    return true;
  }

  noContext(given: unknown): void {
    if (!this.#isNew(typeof given)) return;
    const message =
      "a context is no object, so flags are evaluated for nobody; allowed is an object such as { targetingKey: 'u1' }";
    this.#log.say({ about: 'context', message, fields: { found: shownForm(given) } });
  }

  noTargetingKey(context: EvaluationContext): void {
    if (this.#looks >= MOST_LOOKS || !this.#log.wants('context')) return;
    this.#looks += 1;
    if (isNoContext(context)) return this.noContext(context);
    const found = likeTargetingKey(context);
    if (found === undefined || !this.#isNew(found)) return;
    const message =
      'a context has neither targetingKey nor userId, so a flag is evaluated for nobody; what it has in their place does not count';
    this.#log.say({ about: 'context', message, fields: { found } });
  }

  /** Noted before it is said: a logger may ask about flags itself. */
  #isNew(slip: string): boolean {
    const isNew = this.#log.wants('context') && !this.#slips.has(slip);
    if (isNew) this.#slips.add(slip);
    return isNew;
  }
}
