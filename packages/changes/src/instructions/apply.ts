import type { FlagDocument } from '@clarity/flags-core/document';
import { carryOut } from './carry-out.ts';
import type { Change } from './instruction.ts';
import type { ChangeProblem } from './problem.ts';
import { unsound } from './unsound.ts';

export type Applied = { readonly ok: true; readonly document: FlagDocument } | NotApplied;

export interface NotApplied {
  readonly ok: false;
  /** At least one. */
  readonly problems: readonly ChangeProblem[];
}

/**
 * A decoded document as a change makes it: one that `decodeDocument` accepts, or all that stands against it. What the
 * change does not name is the same object as before; members keep their order, and new entries are the last ones.
 * Flags that were set aside stay so. The text of such flags is in no decoded document: to publish a change of a text,
 * use `editText` of `@clarity/flags-changes/text`.
 */
export function apply(document: FlagDocument, change: Pick<Change, 'instructions'>): Applied {
  const { document: after, problems } = carryOut(document, change.instructions);
  if (problems.length > 0) return { ok: false, problems };
  const found = unsound(document, after, change.instructions);
  return found.length > 0 ? { ok: false, problems: found } : { ok: true, document: after };
}
