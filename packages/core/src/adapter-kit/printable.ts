// What a terminal obeys, or shows as something else: control characters, separators that end a line, signs that turn
// the direction of what follows, marks that nobody sees, and halves of a character without the other half.
const UNPRINTABLE =
  // oxlint-disable-next-line no-control-regex -- control characters are what it looks for
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{d800}-\u{dfff}]|[\u{e0000}-\u{e007f}]/gu;

/**
 * Text that a terminal shows and does not obey: what a store or a file holds may have escape sequences, line separators
 * and signs for right-to-left text in it. The escapes are those of JSON, so that JSON stays JSON. Tabs and line feeds
 * are kept: see `printableLine`.
 */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, escaped);
}

/** The same in one line, line breaks escaped too, so that nothing can pass for a line that the program has said. */
export function printableLine(text: string): string {
  return printable(text).replace(/[\t\n]/g, escaped);
}

function escaped(characters: string): string {
  // By its halves, as JSON writes what lies beyond four digits.
  return Array.from(
    { length: characters.length },
    (_, at) => `\\u${characters.charCodeAt(at).toString(16).padStart(4, '0')}`,
  ).join('');
}
