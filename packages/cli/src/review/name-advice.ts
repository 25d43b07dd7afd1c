/** What to write where a name means nothing. */
import { nearest } from '../nearest.ts';
import { quotedList } from './mistake.ts';

export function variantAdvice(value: unknown, names: readonly string[]): string {
  if (typeof value === 'boolean' && names.includes(value ? 'on' : 'off')) return `write "${value ? 'on' : 'off'}"`;
  return nameAdvice(value, names, 'variant');
}

/** Of several names that exist. */
export function nameAdvice(value: unknown, names: readonly string[], what: string): string {
  const meant = typeof value === 'string' ? nearest(value, names) : undefined;
  if (meant !== undefined) return `did you mean ${JSON.stringify(meant)}?`;
  if (names.length === 0) return `there is no ${what}: add one, or take this out`;
  return `write ${names.length === 1 ? '' : 'one of '}${quotedList(names)}, or add a ${what} of this name`;
}
