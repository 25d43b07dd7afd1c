import type { Steps } from '../references/references.ts';

/** What an instruction makes of an entry of a document. */
export interface Edit<Entry> {
  /** From the entry to the thing that changes. */
  readonly steps: Steps;
  /** Undefined: the entry goes. */
  readonly entry: Entry | undefined;
  /** Of an instruction that replaces something: what stands there now, and what shall; undefined for nothing. */
  readonly replaces?: { readonly now: unknown; readonly wants: unknown };
}
