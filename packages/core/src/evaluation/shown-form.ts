/** Short enough that looking at it costs nothing, and long enough for every number and date. */
const NUMBER_TEXT = /^\s{0,9}[-+]?\d{1,40}(?:\.\d{1,40})?(?:e[-+]?\d{1,5})?\s{0,9}$/i;

/** The number or truth value that a text spells. */
export function textMeans(text: string): number | boolean | undefined {
  if (text === 'true' || text === 'false') return text === 'true';
  return NUMBER_TEXT.test(text) ? Number(text) : undefined;
}

/** Of what is compared with a version. Never throws. */
export function versionForm(found: unknown): string {
  if (typeof found !== 'string' || !/^v?\d+(?:\.\d+)*(?:[-+].*)?$/.test(found)) return shownForm(found);
  const numbers = /^v?([\d.]+)/.exec(found)![1]!.split('.').length;
  if (found.startsWith('v')) return 'a version with a v before it';
  return numbers === 3
    ? 'a version with a number that is written otherwise'
    : `a version of ${numbers} number${numbers === 1 ? '' : 's'}`;
}

/** The form of a value, for people. Says nothing of what stands in it. Never throws. */
export function shownForm(found: unknown): string {
  switch (typeof found) {
    case 'string':
      return textForm(found);
    case 'number':
      if (Number.isNaN(found)) return 'NaN';
      if (!Number.isInteger(found)) return 'a number that is not an integer';
      return Number.isSafeInteger(found) ? 'a number' : 'an integer beyond 2^53 - 1';
    case 'boolean':
      return 'true or false';
    case 'bigint':
      return 'a bigint';
    case 'object':
      return found === null ? 'nothing' : objectForm(found);
    case 'undefined':
      return 'nothing';
    case 'function':
      return 'a function';
    case 'symbol':
      return 'a symbol';
  }
}

function objectForm(found: object): string {
  try {
    if (Array.isArray(found)) return `a list of ${found.length}`;
    return found instanceof Date ? 'a Date without a time' : 'an object';
  } catch {
    // A proxy that does not want to be looked at. It exists, and nothing more can be said.
    return 'an object';
  }
}

function textForm(found: string): string {
  if (found === '') return 'empty text';
  if (NUMBER_TEXT.test(found)) return 'a number as text';
  if (/^\d{4}-\d\d-\d\d(?:[T ][\d:.]{1,20})?$/.test(found)) return 'a date without a zone';
  if (/^(?:true|false)$/i.test(found)) return 'true or false as text';
  return `text of ${found.length} character${found.length === 1 ? '' : 's'}`;
}
