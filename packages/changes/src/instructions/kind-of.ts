/** A value by its kind and size: text may be somebody's own, so only numbers and, with `isName`, names are repeated. */
export function kindOf(value: unknown, isName = false): string {
  if (value === undefined || value === null) return 'nothing';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return isName && WORD.test(value) ? JSON.stringify(value) : textOf(value.length);
  if (Array.isArray(value)) return `a list of ${value.length}`;
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

const WORD = /^[a-z][\w.-]{0,49}$/i;

function textOf(length: number): string {
  return length === 0 ? 'empty text' : `text of ${length} character${length === 1 ? '' : 's'}`;
}
