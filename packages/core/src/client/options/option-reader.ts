import { describeOption, showOption } from '../../adapter-kit/adapter-options.ts';
import { takenForMilliseconds, takenForSeconds } from '../../adapter-kit/duration-units.ts';
import { LONGEST_TIMEOUT_MS } from '../../ports/longest-timeout.ts';
import type { Variable } from './variables.ts';

/** Options that cannot be used. The message has a line for each of them. */
export class InvalidOptionsError extends Error {
  /** One sentence for each: name, what was found, what is allowed. */
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`invalid flag client options:\n${problems.map((problem) => `- ${problem}`).join('\n')}`);
    this.name = 'InvalidOptionsError';
    this.problems = problems;
  }
}

/** A setting: its option in code, and its variable if it has one. */
export interface Names {
  readonly option: string;
  readonly variable?: Variable;
  /** Of a duration: a shorter one in code was surely meant in seconds. */
  readonly believableFromMs?: number;
}

/**
 * Takes settings from options in code, then from variables, then from defaults, and gathers what is wrong with them, so
 * that all of it is told at once.
 */
export class OptionReader {
  readonly problems: string[] = [];
  /** What can be used, and can hardly be meant. */
  readonly doubts: string[] = [];
  readonly #variables: Readonly<Record<string, string | undefined>>;

  constructor(variables: Readonly<Record<string, string | undefined>>) {
    this.#variables = variables;
  }

  /** A number of milliseconds; its variable is in seconds. */
  duration(names: Names, given: unknown, fallback: number, leastMs = 1): number {
    const { option, variable, believableFromMs = 0 } = names;
    const durationMs = this.#read(names, given, fallback, {
      allowed: `a duration from ${leastMs} to ${LONGEST_TIMEOUT_MS} ms`,
      accepts: (value) => isBetween(value, leastMs, LONGEST_TIMEOUT_MS),
      allowedText: `a number of seconds from ${leastMs / 1000} to ${Math.floor(LONGEST_TIMEOUT_MS / 1000)}`,
      parse: (text) => parseDecimal(text, 1000),
    });
    const doubt =
      given === undefined
        ? variable && takenForMilliseconds(variable, durationMs)
        : takenForSeconds(option, durationMs, believableFromMs);
    if (doubt !== undefined) this.doubts.push(doubt);
    return durationMs;
  }

  number(names: Names, given: unknown, fallback: number, least: number, most: number, whole = false): number {
    const allowed = `${whole ? 'a whole number' : 'a number'} from ${least} to ${most}`;
    return this.#read(names, given, fallback, {
      allowed,
      accepts: (value) => isBetween(value, least, most) && (!whole || Number.isInteger(value)),
      allowedText: allowed,
      parse: parseDecimal,
    });
  }

  integer(names: Names, given: unknown, fallback: number, least: number, most: number): number {
    return this.number(names, given, fallback, least, most, true);
  }

  choice<T extends string>(names: Names, given: unknown, fallback: T, choices: readonly T[]): T {
    const allowed = `one of ${choices.join(', ')}`;
    return this.#read(names, given, fallback, {
      allowed,
      accepts: (value): value is T => choices.some((choice) => choice === value),
      allowedText: allowed,
      parse: (text) => choices.find((choice) => choice === text.toLowerCase()),
    });
  }

  /** A switch; its variable understands true, false, 1, 0, yes, no, on and off. */
  flag(names: Names, given: unknown, fallback: boolean): boolean {
    return this.#read(names, given, fallback, {
      allowed: 'true or false',
      accepts: (value) => typeof value === 'boolean',
      allowedText: 'true or false (also 1, 0, yes, no, on, off)',
      parse: (text) => SWITCHES.get(text.toLowerCase()),
    });
  }

  /** A variable's text; an empty one counts as not set. */
  text(variable: Variable): string | undefined {
    const value: unknown = this.#variables[variable];
    if (typeof value === 'string') return value.trim() || undefined;
    if (value !== undefined) {
      // A worker's bindings may hold JSON. A variable is read more than once, and told of once.
      const problem = `${variable} is ${describeOption(value)}; allowed is text, as in every variable`;
      if (!this.problems.includes(problem)) this.problems.push(problem);
    }
    return undefined;
  }

  #read<T>(
    { option, variable }: Names,
    given: unknown,
    fallback: T,
    kind: {
      readonly allowed: string;
      accepts(value: unknown): boolean;
      readonly allowedText: string;
      parse(text: string): T | undefined;
    },
  ): T {
    if (given !== undefined) {
      if (kind.accepts(given)) return given as T;
      this.problems.push(`${option} is ${showOption(given)}; allowed is ${kind.allowed}`);
      return fallback;
    }
    const text = variable === undefined ? undefined : this.text(variable);
    if (text === undefined) return fallback;
    const parsed = kind.parse(text);
    if (parsed !== undefined && kind.accepts(parsed)) return parsed;
    this.problems.push(`${variable} is ${showOption(text)}; allowed is ${kind.allowedText}`);
    return fallback;
  }
}

const SWITCHES = new Map([
  ['true', true],
  ['1', true],
  ['yes', true],
  ['on', true],
  ['false', false],
  ['0', false],
  ['no', false],
  ['off', false],
]);

function isBetween(value: unknown, least: number, most: number): boolean {
  return typeof value === 'number' && value >= least && value <= most;
}

function parseDecimal(text: string, factor = 1): number | undefined {
  return /^-?\d{1,15}(\.\d{1,9})?$/.test(text) ? Number(text) * factor : undefined;
}
