/**
 * Text that a terminal shows and does not obey: what a store or a file holds may have escape sequences in it. The escapes are
 * those of JSON, so that JSON stays JSON.
 */
export function printable(text: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what it looks for
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
