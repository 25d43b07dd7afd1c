import type { Node } from 'jsonc-parser';

/** How a text is laid out, so that what is new looks like what is there. */
export interface Layout {
  readonly text: string;
  /** The end of its lines; empty where all is in one line. */
  readonly newline: string;
  /** One step of indentation. */
  readonly indent: string;
  /** What stands between a name and its value: `": "` or `":"` without the quote. */
  readonly colon: string;
  /** What follows a comma within a line. */
  readonly gap: string;
  /** What stands inside the braces of an object within a line. */
  readonly padding: string;
  /** Which kinds of values mostly stand in one line each. */
  readonly inline: Readonly<Record<Kind, boolean>>;
}

/** `list`: of nothing but text, numbers, true, false and null. `tree`: an object with an object in it. */
export type Kind = 'list' | 'array' | 'object' | 'tree';

/** What kind of value is laid out; undefined for one that has nothing in it. */
export function kindOfValue(value: unknown): Kind | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const members: readonly unknown[] = Object.values(value);
  if (members.length === 0) return undefined;
  const holds = members.some((member) => typeof member === 'object' && member !== null);
  if (Array.isArray(value)) return holds ? 'array' : 'list';
  return members.some((member) => kindOfValue(member) === 'object' || kindOfValue(member) === 'tree')
    ? 'tree'
    : 'object';
}

/** The same of a value that stands in the text. */
export function kindOfNode({ type, children = [] }: Node): Kind | undefined {
  if (children.length === 0 || (type !== 'array' && type !== 'object')) return undefined;
  if (type === 'array') return children.some((child) => child.children !== undefined) ? 'array' : 'list';
  const kinds = children.map((property) => kindOfNode(property.children![1]!));
  return kinds.some((kind) => kind === 'object' || kind === 'tree') ? 'tree' : 'object';
}

/** How many values of a text are looked at. */
const MOST_NODES = 10_000;

/** As most of the text is laid out, of which the beginning stands for the rest. */
export function layoutOf(text: string, root: Node): Layout {
  const newline = /\r?\n/.exec(text.trimEnd())?.[0] ?? '';
  const indent = /\n([ \t]+)\S/.exec(text)?.[1] ?? (newline === '' ? '' : '  ');
  const none = { inline: 0, expanded: 0 };
  const counts = { list: { ...none }, array: { ...none }, object: { ...none }, tree: { ...none } };
  const colons = new Map<string, number>();
  const gaps = new Map<string, number>();
  const paddings = new Map<string, number>();
  let left = MOST_NODES;
  const visit = (node: Node): void => {
    if (left-- <= 0) return;
    const { type, children = [], offset, length } = node;
    const kind = kindOfNode(node);
    if (kind !== undefined) {
      const isInline = !text.slice(offset, offset + length).includes('\n');
      counts[kind][isInline ? 'inline' : 'expanded']++;
      if (isInline && type === 'object') count(paddings, text.slice(offset + 1, children[0]!.offset));
      if (isInline) {
        for (const [index, child] of children.entries()) {
          const before = children[index - 1];
          if (before !== undefined)
            count(gaps, text.slice(before.offset + before.length, child.offset).replace(',', ''));
        }
      }
    }
    if (type === 'property') count(colons, text.slice(children[0]!.offset + children[0]!.length, children[1]!.offset));
    for (const child of children) visit(child);
  };
  visit(root);
  const isOneLine = newline === '';
  const mostly = ({ inline, expanded }: { inline: number; expanded: number }): boolean =>
    isOneLine || (inline > 0 && inline >= expanded);
  const colon = most(colons) ?? ': ';
  return {
    text,
    newline,
    indent,
    colon,
    // A text without a space after its colons has none after its commas either.
    gap: most(gaps) ?? (colon === ':' ? '' : ' '),
    padding: most(paddings) ?? (colon === ':' ? '' : ' '),
    inline: {
      list: mostly(counts.list),
      array: mostly(counts.array),
      object: mostly(counts.object),
      tree: mostly(counts.tree),
    },
  };
}

function count(counts: Map<string, number>, text: string): void {
  counts.set(text, (counts.get(text) ?? 0) + 1);
}

function most(counts: ReadonlyMap<string, number>): string | undefined {
  return [...counts].toSorted(([, one], [, other]) => other - one)[0]?.[0];
}
