import type { Option } from 'commander';
import type { Line, Outcome } from './outcome.ts';
import type { Surroundings } from './surroundings.ts';

/** One command of the program: how it is called, what its help says, and what it does. */
export interface Verb<Options extends object = object> {
  readonly name: string;
  /**
   * The words after it, as help shows them: `<file>` is required, `[file]` is not, and `[file...]` takes any number. A
   * `[store]` at the beginning may be left out where FEATURE_FLAG_STORE_URL names one, and is then given as if it were
   * there.
   */
  readonly words: string;
  /** Half a line, for the list of all verbs. */
  readonly summary: string;
  /** What else its own help says. */
  readonly about?: string;
  /** Beside those that every verb has. */
  readonly options?: readonly Option[];
  /** Whole command lines for its help. */
  readonly examples: readonly string[];
  /** What an interruption leaves in doubt, to be said when there was one. */
  readonly doubt?: string;
  /** Whether it goes on until it is interrupted, so that an interruption is no failure. */
  readonly isEndless?: boolean;
  /** Loads what it needs when it is called, so that no verb pays for another. */
  perform(call: Call<Options>): Promise<Outcome>;
}

/** A verb with what it was called with. */
export interface Call<Options extends object = object> {
  readonly words: readonly string[];
  readonly options: Options;
  /** How long a store may take to answer. */
  readonly timeoutMs: number;
  readonly format: Format;
  readonly around: Surroundings;
  /** Says something before the end, in the format of the call. */
  readonly tell: (value: unknown, line: Line) => void;
}

export type Format = 'text' | 'json';
