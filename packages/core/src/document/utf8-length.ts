const encoder = new TextEncoder();
/** Where there is one, it counts without encoding, and so without memory for it. */
const { Buffer: counter } = globalThis as { readonly Buffer?: { byteLength(text: string): number } };

/**
 * Bytes of the text in UTF-8; a lone surrogate counts as U+FFFD, which has three. Encoding it is ten times faster than
 * counting by hand.
 */
export function utf8Length(text: string): number {
  return counter === undefined ? encoder.encode(text).length : counter.byteLength(text);
}
