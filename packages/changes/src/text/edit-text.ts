import { decodeDocument, type FlagDocument } from '@clarity/flags-core/document';
import { applyEdits, parseTree } from 'jsonc-parser';
import { apply, type NotApplied } from '../instructions/apply.ts';
import type { Change } from '../instructions/instruction.ts';
import { isSetAside } from '../instructions/draft.ts';
import { withMember } from '../instructions/members.ts';
import { problem } from '../instructions/problem.ts';
import { targetOf } from '../instructions/target-of.ts';
import { editsBetween } from './edits-between.ts';
import { layoutOf } from './layout.ts';

export type EditedText =
  | {
      readonly ok: true;
      readonly text: string;
      /** What the text says now. */
      readonly document: FlagDocument;
    }
  | NotApplied;

/**
 * Applies a change to a document's text, as people keep one in Git: what changes is written in its place, and every
 * other byte stays, white space, order, and flags of newer versions that cannot be read. What is new stands last in its
 * list or object, laid out as what is beside it.
 */
export function editText(text: string, change: Pick<Change, 'instructions'>): EditedText {
  const decoded = decodeDocument(text, { allowEmpty: true });
  if (!decoded.ok) {
    const problems = decoded.problems.map((told) => ({ ...problem('invalid', [], told.found, told.allowed), ...told }));
    return { ok: false, problems };
  }
  const { document } = decoded;
  const mark = text.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK : '';
  const body = text.slice(mark.length);
  const root = JSON.parse(body) as Root;
  const hidden = hiddenEntries(root, document, change);
  if (hidden !== undefined) return hidden;
  const applied = apply(document, change);
  if (!applied.ok) return applied;
  const tree = parseTree(body)!;
  const edits = editsBetween(tree, root, wantedRoot(root, applied.document, change), layoutOf(body, tree));
  return { ok: true, text: mark + applyEdits(body, edits), document: applied.document };
}

const BYTE_ORDER_MARK = '\uFEFF';

type Root = Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>>;

/** The text's own value, with what the change is about as it shall be. */
function wantedRoot(root: Root, after: FlagDocument, { instructions }: Pick<Change, 'instructions'>): Root {
  let wanted = root;
  for (const instruction of instructions) {
    const target = targetOf(instruction);
    if (target === undefined) {
      wanted = withMember(wanted, 'environment', after.environment);
      continue;
    }
    const { table, key } = target;
    const entries = after[table];
    const entry = entries !== undefined && Object.hasOwn(entries, key) ? entries[key] : undefined;
    const before = wanted[table] ?? {};
    if (entry !== undefined || Object.hasOwn(before, key)) {
      wanted = withMember(wanted, table, withMember(before, key, entry));
    }
  }
  return wanted;
}

/** Refuses to write over a segment, a layer or a holdout that only a newer version can read. */
function hiddenEntries(
  root: Root,
  document: FlagDocument,
  change: Pick<Change, 'instructions'>,
): NotApplied | undefined {
  for (const [instruction, step] of change.instructions.entries()) {
    const target = targetOf(step);
    if (target === undefined) continue;
    const { table, key } = target;
    const isThere = Object.hasOwn(root[table] ?? {}, key);
    if (!isThere || Object.hasOwn(document[table] ?? {}, key) || isSetAside(document, key)) continue;
    const told = problem(
      'cannot',
      [table, key],
      'one that this version cannot read',
      'a newer version of this program',
    );
    return { ok: false, problems: [{ ...told, instruction }] };
  }
  return undefined;
}
