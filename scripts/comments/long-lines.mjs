// Finds comment lines that are too long to be read beside each other. Pure.
import { parseSync } from 'oxc-parser';

/** The longest line of a comment, in columns; the formatter holds code to the same. */
export const LONGEST = 120;

/** @typedef {{ line: number, columns: number }} LongLine */

/**
 * The lines of a source file that end within a comment, or with one, and have more than 120 columns. A line whose
 * comment is one word, such as an address, cannot be broken and is left out. Texts in quotes are not comments.
 *
 * @param {string} file Its name tells TypeScript from JavaScript.
 * @param {string} text
 * @returns {LongLine[]} in the order of the text
 */
export function longCommentLines(file, text) {
  const lines = text.split('\n').map((line) => line.replace(/\r$/, ''));
  if (lines.every(({ length }) => length <= LONGEST)) return [];
  const { comments, errors } = parseSync(file, text);
  if (errors.length > 0) throw new Error(`${file} cannot be parsed: ${errors[0]?.message}`);
  return comments.flatMap(({ start, end }) => {
    const first = text.slice(0, start).split('\n').length;
    return text
      .slice(start, end)
      .split('\n')
      .flatMap((part, index) => {
        const line = first + index;
        const columns = lines[line - 1]?.length ?? 0;
        const endsHere = (lines[line - 1] ?? '').trimEnd().endsWith(part.trimEnd());
        return endsHere && columns > LONGEST && !isOneWord(part) ? [{ line, columns }] : [];
      });
  });
}

/** Whether nothing but the marks of a comment stand around one word. @param {string} part */
function isOneWord(part) {
  return /^\s*(?:\/\/+|\/\*+|\*)?\s*\S+\s*(?:\*\/)?\s*$/.test(part);
}
