/**
 * What every adapter asks of the options that it is given, for callers without types. All of it is told in one
 * sentence: `name is …; allowed is …`.
 */
import { DEFAULT_MAX_BYTES } from '../document/is-larger.ts';
import { LONGEST_TIMEOUT_MS } from '../ports/longest-timeout.ts';

const LONGEST_NAME = 100;

/**
 * `whose` completes "options of"; `example` is what is allowed.
 *
 * @throws TypeError unless `options` is an object; it shows nothing of them
 */
export function requireOptions(options: unknown, whose: string, example: string): void {
  if (typeof options === 'object' && options !== null) return;
  throw new TypeError(`options of ${whose} are ${describeOption(options)}; allowed is ${example}`);
}

/** @throws TypeError unless the option `name` is a function; `example` completes "a function such as" */
export function requireFunction(name: string, option: unknown, example: string): void {
  if (typeof option === 'function') return;
  throw new TypeError(`${name} is ${describeOption(option)}; allowed is a function such as ${example}`);
}

/**
 * The option `name`, which ends up in health, log and metrics.
 *
 * @throws TypeError unless it is undefined, or a text of 1 to 100 characters that is not blank
 */
export function checkedName(option: unknown): string | undefined {
  if (option === undefined) return undefined;
  if (typeof option === 'string' && option.trim() !== '' && option.length <= LONGEST_NAME) return option;
  const found = typeof option === 'string' ? `${option.length} characters long or blank` : describeOption(option);
  throw new TypeError(`name is ${found}; allowed is a text of 1 to ${LONGEST_NAME} characters`);
}

/**
 * The option `name`, a whole number of `unit`, such as bytes.
 *
 * @throws RangeError unless `value` is one from `least` to `most`
 */
export function checkedNumber(name: string, value: number, least: number, most: number, unit?: string): number {
  if (Number.isSafeInteger(value) && value >= least && value <= most) return value;
  throw outOfRange(name, value, `a whole number from ${least} to ${most}${unit === undefined ? '' : ` ${unit}`}`);
}

/**
 * The option `name`, a duration in milliseconds, fractions included. The longest is by default that of a timer, 2^31-1.
 *
 * @throws RangeError unless `value` is a number from `leastMs` to `mostMs`
 */
export function checkedDuration(name: string, value: number, leastMs: number, mostMs = LONGEST_TIMEOUT_MS): number {
  if (typeof value === 'number' && value >= leastMs && value <= mostMs) return value;
  throw outOfRange(name, value, `a duration from ${leastMs} to ${mostMs} ms`);
}

/**
 * The option `maxBytes`: the largest document that is taken, in bytes. Default 4,194,304 (4 MB).
 *
 * @throws RangeError unless it is undefined, or a whole number from 1 to `most`
 */
export function checkedMaxBytes(option: number | undefined, most: number): number {
  return checkedNumber('maxBytes', option ?? DEFAULT_MAX_BYTES, 1, most);
}

/**
 * An option that is true or false, and false where it is left out.
 *
 * @throws TypeError for anything else
 */
export function checkedSwitch(name: string, option: boolean | undefined): boolean {
  if (option === undefined || typeof option === 'boolean') return option === true;
  throw new TypeError(`${name} is ${describeOption(option)}; allowed is true or false`);
}

/**
 * The option `name`, one of a few words.
 *
 * @throws TypeError for anything else
 */
export function checkedChoice<Choice extends string>(
  name: string,
  option: unknown,
  choices: readonly [Choice, ...Choice[]],
): Choice {
  const choice = choices.find((one) => one === option);
  if (choice !== undefined) return choice;
  throw new TypeError(
    `${name} is ${showOption(option)}; allowed is one of ${choices.map((one) => `"${one}"`).join(', ')}`,
  );
}

/** What is said of an option of the wrong type. Never its value: a secret may have been given in the wrong place. */
export function describeOption(option: unknown): string {
  if (option === undefined) return 'missing';
  if (option === null) return 'null';
  return Array.isArray(option) ? 'an array' : `of type ${typeof option}`;
}

/**
 * What is said of an option that counts, or is one of a few words: the value itself, of a text 40 characters. For
 * options into which nobody puts a secret.
 */
export function showOption(option: unknown): string {
  if (typeof option === 'string') return JSON.stringify(option.length > 40 ? `${option.slice(0, 40)}…` : option);
  return ['number', 'boolean', 'bigint'].includes(typeof option) ? String(option) : describeOption(option);
}

function outOfRange(name: string, value: unknown, allowed: string): RangeError {
  return new RangeError(
    `${name} is ${typeof value === 'number' ? value : describeOption(value)}; allowed is ${allowed}`,
  );
}
