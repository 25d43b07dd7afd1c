import { utf8Length } from '../document/utf8-length.ts';
import type { Decode } from './read-outcome.ts';
import type { Loaded } from './snapshot.ts';

/** The document to start with, from its text or as a value. `refuse` is told what is wrong with it, a sentence each, and throws. */
export function loadBootstrap(
  bootstrap: string | object | undefined,
  decode: Decode,
  refuse: (problems: readonly string[]) => never,
): Loaded | undefined {
  if (bootstrap === undefined) return undefined;
  let text: string;
  try {
    text = typeof bootstrap === 'string' ? bootstrap : (JSON.stringify(bootstrap) ?? '');
  } catch {
    return refuse([
      'bootstrap: found a value that JSON cannot hold, such as one that contains itself; give a flag document',
    ]);
  }
  const decoded = decode(text);
  if (decoded.ok) return { document: decoded.document, bytes: utf8Length(text) };
  return refuse(decoded.problems.map(({ message }) => `bootstrap: ${message}`));
}
