import { MAX_DEPTH } from './inspection.ts';

/**
 * Integers that JSON.parse changes in silence: beyond 2^53 - 1 a number is no longer exact, and an id becomes somebody
 * else's. Only the text shows them. One that is written with an exponent says itself that it is about so large.
 */

/** The smallest of them has 16 digits. Nearly every document is done with this one look. */
const SUSPECT = /\d{16}/;
const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

export interface LargeInteger {
  /** The names and indexes that lead to it. */
  readonly path: readonly (string | number)[];
  readonly digits: number;
}

/** An object or list that the scan is in. */
interface Level {
  /** Of a list: the index of the element in hand. */
  index: number | undefined;
  /** Of an object: where the name of the member in hand begins and ends, quotes included. */
  nameAt: number;
  nameEnd: number;
  expectsName: boolean;
}

/**
 * The integers beyond 2^53 - 1 in the entries of a document's tables, in their order, of a text that JSON.parse has
 * taken. Those that nest deeper than a document may are wrong for that. In linear time, with a stack of its own: any
 * depth is safe.
 */
export function findLargeIntegers(text: string): readonly LargeInteger[] {
  const found: LargeInteger[] = [];
  if (!SUSPECT.test(text)) return found;
  const levels: Level[] = [];
  const nameOf = ({ index, nameAt, nameEnd }: Level): string | number =>
    index ?? (JSON.parse(text.slice(nameAt, nameEnd)) as string);
  for (let at = 0; at < text.length; at++) {
    const level = levels.at(-1);
    switch (text.charAt(at)) {
      case '{':
        levels.push({ index: undefined, nameAt: 0, nameEnd: 0, expectsName: true });
        break;
      case '[':
        levels.push({ index: 0, nameAt: 0, nameEnd: 0, expectsName: false });
        break;
      case '}':
      case ']':
        levels.pop();
        break;
      case ',':
        if (level?.index !== undefined) level.index++;
        else if (level) level.expectsName = true;
        break;
      case '"': {
        const start = at;
        for (at++; text[at] !== '"'; at++) if (text[at] === '\\') at++;
        if (level?.expectsName === true) Object.assign(level, { nameAt: start, nameEnd: at + 1, expectsName: false });
        break;
      }
      case '-':
      case '0':
      case '1':
      case '2':
      case '3':
      case '4':
      case '5':
      case '6':
      case '7':
      case '8':
      case '9': {
        NUMBER.lastIndex = at;
        const [number] = NUMBER.exec(text)!;
        at += number.length - 1;
        if (number.length < 16 || !/^-?\d+$/.test(number) || Number.isSafeInteger(Number(number))) break;
        if (levels.length < 3 || levels.length > MAX_DEPTH) break;
        found.push({ path: levels.map(nameOf), digits: number.replace('-', '').length });
      }
    }
  }
  return found;
}
