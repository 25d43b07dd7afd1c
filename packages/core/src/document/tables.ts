/** The tables of a document whose entries refer to each other. */
export type Table = 'flags' | 'segments' | 'layers' | 'holdouts';

/** An entry of a document: the sign of its table, and its name. */
export type Entry = `${'f' | 's' | 'l' | 'h'}${string}`;

/** What an entry refers to: `c`, a flag that it asks within a condition; any other, the entry itself. */
export type Reference = Entry | `c${string}`;

/** The sign of an entry, and its name. */
export function entryOf(table: Table, name: string | number): Entry {
  return `${table[0] as 'f'}${name}`;
}

const TABLES: Readonly<Record<string, Table>> = { f: 'flags', s: 'segments', l: 'layers', h: 'holdouts' };

/** The table of an entry, and its name there. */
export function tableAndName(entry: string): readonly [table: Table, name: string] {
  return [TABLES[entry[0]!]!, entry.slice(1)];
}
