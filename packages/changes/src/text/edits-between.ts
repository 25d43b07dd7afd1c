import type { Edit, Node } from 'jsonc-parser';
import { same } from '../diff/same.ts';
import { type Kind, kindOfNode, kindOfValue, type Layout } from './layout.ts';
import { named, written } from './written.ts';

/** The fewest places of a text to write anew, so that a value that it `has` at a node becomes another. */
export function editsBetween(node: Node, has: unknown, wants: unknown, layout: Layout): Edit[] {
  if (same(has, wants)) return [];
  if (Array.isArray(has) && Array.isArray(wants)) return ofArray(node, has, wants, layout);
  if (!isTable(has) || !isTable(wants)) return [whole(node, wants, layout)];
  return ofObject(node, has, new Map(Object.entries(wants).filter(([, value]) => value !== undefined)), layout);
}

type Table = Readonly<Record<string, unknown>>;

function isTable(value: unknown): value is Table {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function ofObject(node: Node, has: Table, wants: ReadonlyMap<string, unknown>, layout: Layout): Edit[] {
  const properties = node.children!;
  const names = properties.map((property) => property.children![0]!.value as string);
  const kept = properties.filter((_, index) => wants.has(names[index]!));
  const added = [...wants].filter(([name]) => !Object.hasOwn(has, name));
  const places = new Map(names.map((name, index) => [name, index]));
  if (kept.length === 0) return [whole(node, Object.fromEntries(wants), layout)];
  const inner = properties.flatMap((property, index) => {
    const name = names[index]!;
    // Of members with one name the last one counts.
    if (places.get(name) !== index || !wants.has(name)) return [];
    return editsBetween(property.children![1]!, has[name], wants.get(name), layout);
  });
  const newParts = added.map(([name, value]): Part => ({
    text: (margin, isInline) => named('object', name, layout) + written(value, layout, margin, isInline),
    kind: kindOfValue(value),
  }));
  return [...inner, ...takenAway(node, new Set(kept), newParts, layout)];
}

function ofArray(node: Node, values: readonly unknown[], wants: readonly unknown[], layout: Layout): Edit[] {
  const elements = node.children!;
  if (elements.length === 0 || wants.length === 0) return [whole(node, wants, layout)];
  let start = 0;
  while (start < values.length && start < wants.length && same(values[start], wants[start])) start++;
  let end = 0;
  const isLeft = (): boolean => end < Math.min(values.length, wants.length) - start;
  while (isLeft() && same(values.at(-1 - end), wants.at(-1 - end))) end++;
  const olds = elements.slice(start, elements.length - end);
  const news = wants.slice(start, wants.length - end);
  const both = Math.min(olds.length, news.length);
  const inner = olds
    .slice(0, both)
    .flatMap((element, index) => editsBetween(element, values[start + index], news[index], layout));
  const gone = new Set(olds.slice(both));
  const kept = new Set(elements.filter((element) => !gone.has(element)));
  const parts = news.slice(both).map((value): Part => ({
    text: (margin, isInline) => written(value, layout, margin, isInline),
    kind: kindOfValue(value),
  }));
  if (kept.size === 0) return [whole(node, wants, layout)];
  if (parts.length === 0 || start + both === elements.length) {
    return [...inner, ...takenAway(node, kept, parts, layout)];
  }
  const place = elements[start + both]!;
  const texts = parts.map((part) => part.text(marginAt(place, layout), isInlineBeside(node, part, layout)));
  const content = texts.map((text) => `${text},${separatorOf(node, layout)}`).join('');
  return [...inner, { offset: place.offset, length: 0, content }];
}

/** Something new in a list or an object. */
interface Part {
  readonly text: (margin: string, isInline: boolean) => string;
  /** Undefined of what needs no lines. */
  readonly kind: Kind | undefined;
}

/** Without the children that are not kept, and with parts after the last one. At least one is kept. */
function takenAway(node: Node, kept: ReadonlySet<Node>, parts: readonly Part[], layout: Layout): Edit[] {
  const children = node.children!;
  const edits: Edit[] = [];
  for (let index = 0; index < children.length; index++) {
    if (kept.has(children[index]!)) continue;
    const first = index;
    while (index + 1 < children.length && !kept.has(children[index + 1]!)) index++;
    const next = children[index + 1];
    // Up to the next one; of the last ones, from the end of the one before, with the comma.
    const offset = next === undefined ? endOf(children[first - 1]!) : children[first]!.offset;
    edits.push({ offset, length: (next?.offset ?? endOf(children[index]!)) - offset, content: '' });
  }
  if (parts.length === 0) return edits;
  const last = children.findLast((child) => kept.has(child))!;
  const separator = separatorOf(node, layout);
  const margin = marginAt(last, layout);
  const content = parts.map((part) => `,${separator}${part.text(margin, isInlineBeside(node, part, layout))}`).join('');
  const trailing = edits.at(-1);
  if (trailing?.offset === endOf(last)) return [...edits.slice(0, -1), { ...trailing, content }];
  return [...edits, { offset: endOf(last), length: 0, content }];
}

/** What follows the comma between two children: as it does now, else as it would. */
function separatorOf(node: Node, layout: Layout): string {
  const children = node.children!;
  const last = children.at(-1)!;
  const before = children.at(-2);
  if (before !== undefined) {
    return layout.text.slice(endOf(before), last.offset).replace(',', '');
  }
  const open = layout.text.slice(node.offset + 1, last.offset);
  return open.includes('\n') ? open : layout.gap;
}

/** Whether the children beside something new, else all of the text, mostly stand in one line each. */
function isInlineBeside(node: Node, { kind }: Part, layout: Layout): boolean {
  const { text, newline } = layout;
  const isInline = ({ offset, length }: Node): boolean => !text.slice(offset, offset + length).includes('\n');
  if (newline === '' || isInline(node)) return true;
  const beside = node
    .children!.map((child) => (child.type === 'property' ? child.children![1]! : child))
    .filter((child) => isObject(kindOfNode(child)) === isObject(kind) && kindOfNode(child) !== undefined);
  if (kind === undefined || beside.length === 0) return kind === undefined || layout.inline[kind];
  return beside.filter(isInline).length * 2 >= beside.length;
}

function isObject(kind: Kind | undefined): boolean {
  return kind === 'object' || kind === 'tree';
}

function whole(node: Node, wants: unknown, layout: Layout): Edit {
  const { offset, length } = node;
  const isOneLine = !layout.text.slice(offset, offset + length).includes('\n');
  // A list that had nothing in it says nothing of how one with something looks.
  const isInline = isOneLine && (node.children?.length ?? 0) > 0 ? true : undefined;
  return { offset, length, content: written(wants, layout, marginAt(node, layout), isInline) };
}

/** The white space that begins the line in which a node begins. */
function marginAt({ offset }: Node, { text }: Layout): string {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  return /^[ \t]*/.exec(text.slice(start, offset))![0];
}

function endOf({ offset, length }: Node): number {
  return offset + length;
}
