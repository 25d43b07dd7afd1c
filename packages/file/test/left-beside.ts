import { readdirSync } from 'node:fs';

/** The names in a directory, sorted, but for the history of a file. */
export function leftIn(directory: string): string[] {
  return readdirSync(directory)
    .filter((name) => name !== '.history' && !name.endsWith('.audit.jsonl'))
    .toSorted();
}
