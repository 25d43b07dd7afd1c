/** A value as an error shows it: in one line, and not at any length. */
export function shown(value: unknown): string {
  const isNumber = typeof value === 'number';
  // What is no JSON at all, such as undefined or a function, is shown by its kind.
  const text = isNumber ? String(value) : ((JSON.stringify(value) as string | undefined) ?? typeof value);
  return text.length <= 60 ? text : `${text.slice(0, 57)}...`;
}
