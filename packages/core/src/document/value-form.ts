/** What form a value has: of JSON's forms, lists and objects are two, though `typeof` tells them not apart (F66). */
export function formOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'list' : typeof value;
}

/**
 * Whether somebody who asked with this fallback may be served the value: it has the same form. Null asks for a value of
 * any form.
 */
export function fits(value: unknown, fallback: unknown): boolean {
  if (fallback === null) return true;
  return (
    typeof value === typeof fallback && (typeof value !== 'object' || Array.isArray(value) === Array.isArray(fallback))
  );
}

/** In a sentence: `list, not object`. */
export function misfit(value: unknown, fallback: unknown): string {
  return `${formOf(value)}, not ${formOf(fallback)}`;
}
