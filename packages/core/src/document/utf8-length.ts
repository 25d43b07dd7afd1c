/** Bytes of the text in UTF-8; a lone surrogate counts as U+FFFD, which has three. */
export function utf8Length(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) continue;
    if (unit < 0x800) bytes += 1;
    else if (unit < 0xd800 || unit > 0xdbff) bytes += 2;
    else {
      const next = text.charCodeAt(i + 1);
      bytes += 2;
      // A pair is two units and four bytes; its second half adds nothing more.
      if (next >= 0xdc00 && next <= 0xdfff) i++;
    }
  }
  return bytes;
}
