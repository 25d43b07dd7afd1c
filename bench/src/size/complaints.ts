import type { Sizes } from './bundle-sizes.ts';

export interface Entry extends Sizes {
  /** Most bytes after gzip; `undefined` when nobody has decided. */
  readonly budget: number | undefined;
}

const ACCEPT = 'run `npm run size -- --accept` and commit it apart, with the reason';

/** What is wrong with an entry's size: nothing, or one sentence. */
export function complaints(name: string, { gzip, budget }: Entry): readonly string[] {
  if (budget === undefined)
    return [`${name} has no budget. It is ${gzip} bytes after gzip; to accept them, ${ACCEPT}.`];
  if (gzip <= budget) return [];
  return [
    `${name} is ${gzip} bytes after gzip, ${gzip - budget} over its budget of ${budget}. ` +
      `If nobody meant it, find what came in; if it is worth its bytes, ${ACCEPT}.`,
  ];
}
