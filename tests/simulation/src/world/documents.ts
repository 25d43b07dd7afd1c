import type { FlagDocument } from '../../../../packages/core/src/document/types.ts';

/** The name of the bootstrap document, which no store holds. */
export const BOOTSTRAP_NAME = 'bootstrap';

/** The text of a good document. Its name is written in it, so that a served document says which text it came from. */
export function goodText(name: string): string {
  return `{"schemaVersion":1,"flags":{"named":{"status":"enabled","description":"${name}"}}}`;
}

/** Arrives whole, and is wrong: each in another way. */
export function badText(name: string, manner: number): string {
  switch (manner % 3) {
    case 0:
      return `{"schemaVersion":1,"flags":{"named":{"status":17,"description":"${name}"}}}`;
    case 1:
      return `{"schemaVersion":1,"flags":{}}`;
    default:
      return `{"schemaVersion":2,"flags":{"named":{"status":"enabled","description":"${name}"}}}`;
  }
}

export const HTML = '<!doctype html><html><head><title>Sign in</title></head><body>Welcome to the hotel</body></html>';

export function nameOf(document: FlagDocument): string {
  return document.flags['named']?.description ?? 'a document that no store held';
}
