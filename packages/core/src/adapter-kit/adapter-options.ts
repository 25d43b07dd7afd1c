/** What every adapter asks of the options that it is given, for callers without types. */
import { DEFAULT_MAX_BYTES } from '../document/is-larger.ts';

const LONGEST_NAME = 100;

/**
 * `whose` completes "options of"; `example` is what to give.
 *
 * @throws TypeError unless `options` is an object; it shows nothing of them
 */
export function requireOptions(options: unknown, whose: string, example: string): void {
  if (typeof options === 'object' && options !== null) return;
  throw new TypeError(`options of ${whose} are ${describeOption(options)}; give ${example}`);
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
  throw new TypeError(`name is ${found}; a text of 1 to ${LONGEST_NAME} characters is allowed`);
}

/**
 * The option `name`, a whole number.
 *
 * @throws RangeError unless `value` is one from `least` to `most`
 */
export function checkedNumber(name: string, value: number, least: number, most: number): number {
  if (Number.isSafeInteger(value) && value >= least && value <= most) return value;
  throw new RangeError(
    `${name} is ${typeof value === 'number' ? value : describeOption(value)}; a whole number from ${least} to ${most} is allowed`,
  );
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
  throw new TypeError(`${name} is ${describeOption(option)}; true or false is allowed`);
}

/** What is said of an option of the wrong type. Never its value: a secret may have been given in the wrong place. */
export function describeOption(option: unknown): string {
  if (option === undefined) return 'missing';
  if (option === null) return 'null';
  return Array.isArray(option) ? 'an array' : `of type ${typeof option}`;
}
