import type { Sizes } from './bundle-sizes.ts';

export interface Entry extends Sizes {
  /** Most bytes after gzip; `undefined` when nobody has decided. */
  readonly budget: number | undefined;
}

/** What is wrong with an entry's size: nothing, or one sentence. */
export function complaints(name: string, { gzip, budget }: Entry): readonly string[] {
  if (budget === undefined)
    return [`${name} has no budget: give it one in bench/src/size/budgets.ts. It is ${gzip} bytes after gzip.`];
  return gzip > budget ? [`${name} is ${gzip} bytes after gzip, ${gzip - budget} over its budget of ${budget}.`] : [];
}
