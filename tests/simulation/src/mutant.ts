/** One deliberate mistake in core's sources. */
export interface Mutant {
  /** What is broken, in words. */
  readonly name: string;
  /** Files by their path from packages/core/src, each with a text that stands in it once and what takes its place. */
  readonly edits: readonly { readonly file: string; readonly find: string; readonly replace: string }[];
  /** The invariants of which one must catch it. */
  readonly caughtBy: readonly string[];
}

/** An edit of one file. */
export const edit = (file: string, find: string, replace: string) => ({ file, find, replace });
