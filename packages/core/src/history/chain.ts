import { textHash } from '../document/text-hash.ts';

/** What the first entry of a history stands on. */
export const FIRST_PREVIOUS_HASH = '0'.repeat(64);

/** The hash of an entry's text upon the entry before it. */
export function chainHash(previousHash: string, text: string): Promise<string> {
  return textHash(previousHash + text);
}
