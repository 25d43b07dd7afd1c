import type { FlagDocument } from '@clarity/flags-core/document';
import type { NotApplied } from './apply.ts';
import { carryOut } from './carry-out.ts';
import type { Change } from './instruction.ts';
import { unsound } from './unsound.ts';

export type Rebased = OnNewer | NotApplied;

export interface OnNewer {
  readonly ok: true;
  readonly document: FlagDocument;
  /** The change as it was met: what replaces something says `from` what. */
  readonly change: Change;
}

/**
 * Applies a change to a document that others may have changed since its author looked. It is refused where something
 * else stands in a place than its author saw (`from`), where what it is about is gone, and where both changes together
 * make no sound document; each problem then shows both sides. To give a change that somebody wrote by hand its `from`,
 * rebase it onto the document that they look at.
 */
export function rebase(change: Change, onto: FlagDocument): Rebased {
  const { document, instructions, problems } = carryOut(onto, change.instructions);
  if (problems.length > 0) return { ok: false, problems };
  const found = unsound(onto, document, change.instructions);
  return found.length > 0
    ? { ok: false, problems: found }
    : { ok: true, document, change: { ...change, instructions } };
}
