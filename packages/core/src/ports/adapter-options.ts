/** What every adapter asks of the options that it is given, for callers without types. */

const LONGEST_NAME = 100;

/**
 * `whose` completes "options of"; `example` is what to give.
 *
 * @throws TypeError unless `options` is an object; it shows nothing of them
 */
export function requireOptions(options: unknown, whose: string, example: string): void {
  if (typeof options === 'object' && options !== null) return;
  throw new TypeError(`options of ${whose} are ${options === undefined ? 'missing' : typed(options)}; give ${example}`);
}

/**
 * The option `name`, which ends up in health, log and metrics.
 *
 * @throws TypeError unless it is undefined, or a text of 1 to 100 characters that is not blank
 */
export function checkedName(option: unknown): string | undefined {
  if (option === undefined) return undefined;
  if (typeof option === 'string' && option.trim() !== '' && option.length <= LONGEST_NAME) return option;
  const found = typeof option === 'string' ? `${option.length} characters long or blank` : typed(option);
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
    `${name} is ${typeof value === 'number' ? value : typed(value)}; a whole number from ${least} to ${most} is allowed`,
  );
}

/** What is said of an option of the wrong type: it may be a secret that was given in the wrong place. */
export function typed(option: unknown): string {
  return option === null ? 'null' : `of type ${typeof option}`;
}
