/** What every adapter asks of the options that it is given, for callers without types. */

const LONGEST_NAME = 100;

/**
 * `whose` completes "options of"; `example` is what to give.
 *
 * @throws TypeError unless `options` is an object; it shows nothing of them
 */
export function requireOptions(options: unknown, whose: string, example: string): void {
  if (typeof options === 'object' && options !== null) return;
  const found = options === undefined ? 'missing' : options === null ? 'null' : `of type ${typeof options}`;
  throw new TypeError(`options of ${whose} are ${found}; give ${example}`);
}

/**
 * The option `name`, which ends up in health, log and metrics.
 *
 * @throws TypeError unless it is undefined, or a text of 1 to 100 characters that is not blank
 */
export function checkedName(option: unknown): string | undefined {
  if (option === undefined) return undefined;
  if (typeof option === 'string' && option.trim() !== '' && option.length <= LONGEST_NAME) return option;
  const found = typeof option === 'string' ? `${option.length} characters long or blank` : `of type ${typeof option}`;
  throw new TypeError(`name is ${found}; a text of 1 to ${LONGEST_NAME} characters is allowed`);
}
