/** Where things stand in the text of a document. Lines and columns begin at 1; columns are UTF-16 code units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A member that its object has again further on: JSON takes the last, and forgets the others without a word. */
export interface Duplicate {
  readonly steps: Steps;
  readonly first: Position;
  readonly again: Position;
}

export type Steps = readonly (string | number)[];

export interface Positions {
  /** Where a value begins, or the nearest object or list around it that is there. */
  readonly ofValue: (steps: Steps) => Position;
  /** Where the name of a member begins; of an element of a list the value. */
  readonly ofName: (steps: Steps) => Position;
  readonly duplicates: readonly Duplicate[];
}

/** A value in the text. */
interface Place {
  readonly at: number;
  /** Of a member. */
  readonly nameAt: number | undefined;
  /** Of an object, by name; of a list, by index. */
  readonly inner: Map<string | number, Place>;
}

/** An object or list that the scan is in. */
interface Level {
  readonly inner: Place['inner'];
  readonly isList: boolean;
  /** What it is called in the one around it. */
  readonly key: string | number;
  /** The name of the member in hand, once it was read, and where it stands. */
  name: string | undefined;
  nameAt: number | undefined;
}

const NOTHING: Place['inner'] = new Map();

/**
 * Finds the places in a text that JSON.parse has taken. In linear time, with a stack of its own: any depth is safe,
 * which it is not with a parser that calls itself.
 */
export function findPositions(text: string): Positions {
  const duplicates: { steps: Steps; first: number; again: number }[] = [];
  const outside: Place['inner'] = new Map();
  const levels: Level[] = [{ inner: outside, isList: true, key: '$', name: undefined, nameAt: undefined }];
  /** Puts a value into the object or list in hand, and gives its key there. */
  const enter = (at: number, inner: Place['inner']): string | number => {
    const level = levels.at(-1)!;
    const key = level.isList ? level.inner.size : level.name!;
    const nameAt = level.isList ? undefined : level.nameAt;
    const before = level.inner.get(key);
    if (before?.nameAt !== undefined && nameAt !== undefined) {
      const steps = [...levels.slice(2).map((one) => one.key), key];
      duplicates.push({ steps, first: before.nameAt, again: nameAt });
    }
    level.inner.set(key, { at, nameAt, inner });
    level.name = undefined;
    return key;
  };
  for (let at = 0; at < text.length; at++) {
    const sign = text[at]!;
    if (sign === '{' || sign === '[') {
      const inner: Place['inner'] = new Map();
      const key = enter(at, inner);
      levels.push({ inner, isList: sign === '[', key, name: undefined, nameAt: undefined });
    } else if (sign === '}' || sign === ']') levels.pop();
    else if (sign === '"') {
      const start = at;
      at = endOfText(text, start);
      const level = levels.at(-1)!;
      if (level.isList || level.name !== undefined) enter(start, NOTHING);
      else {
        level.name = JSON.parse(text.slice(start, at + 1)) as string;
        level.nameAt = start;
      }
    } else if (/[\w-]/.test(sign)) {
      enter(at, NOTHING);
      while (/[\w.+-]/.test(text[at + 1] ?? '')) at++;
    }
  }

  const position = lineCounter(text);
  const root = outside.get(0)!;
  const find = (steps: Steps): { readonly place: Place; readonly isThere: boolean } => {
    let place = root;
    for (const step of steps) {
      const next = place.inner.get(step);
      if (next === undefined) return { place, isThere: false };
      place = next;
    }
    return { place, isThere: true };
  };
  return {
    ofValue: (steps) => position(find(steps).place.at),
    ofName: (steps) => {
      const { place, isThere } = find(steps);
      return position((isThere ? place.nameAt : undefined) ?? place.at);
    },
    duplicates: duplicates.map(({ steps, first, again }) => ({
      steps,
      first: position(first),
      again: position(again),
    })),
  };
}

/** Where the text in quotes that begins at `start` has its last quote. */
function endOfText(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); ; end = text.indexOf('"', end + 1)) {
    let before = end;
    while (text[before - 1] === '\\') before--;
    if ((end - before) % 2 === 0) return end;
  }
}

/** Tells line and column of an offset, by a table of where lines begin. */
function lineCounter(text: string): (offset: number) => Position {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return (offset) => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - starts[low]! + 1 };
  };
}
