/** A word as a shell takes it: in single quotes where it would read anything into it, such as a space or `&`. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
