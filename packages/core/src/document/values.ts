import { be, type Check, isText, parsed } from './inspection.ts';
import { parseInstant } from './instant.ts';

// Checks of single values

export const text = be('text', isText);
export const name = be('text that is not empty', (value) => isText(value) && value !== '');
export const boolean = be('true or false', (value) => typeof value === 'boolean');
export const number = be('a number', Number.isFinite);
export const weight = be('a number from 0', (value) => Number.isFinite(value) && (value as number) >= 0, true);
export const percentage = be(
  'a number from 0 to 100',
  (value) => Number.isFinite(value) && (value as number) >= 0 && (value as number) <= 100,
  true,
);
export const scalar = be(
  'text, a number, true or false',
  (value) => isText(value) || typeof value === 'boolean' || Number.isFinite(value),
);
export const key = be('text or an integer', (value) => isText(value) || Number.isSafeInteger(value));
export const instant = parsed('an instant like 2026-11-30T09:00:00Z', parseInstant);

/** An integer from `least` to `most`. */
export function integer(least: number, most = Number.MAX_SAFE_INTEGER): Check {
  const allowed = `an integer from ${least}${most === Number.MAX_SAFE_INTEGER ? '' : ` to ${most}`}`;
  return be(allowed, (value) => Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most, true);
}
