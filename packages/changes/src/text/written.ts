import { kindOfValue, type Layout } from './layout.ts';

/** No line of what is new is longer, where it can be broken. */
const MOST_COLUMNS = 120;

/**
 * A value as text, in a line that is indented by `margin`. What is in it stands in one line where the text does so and
 * there is room.
 */
export function written(value: unknown, layout: Layout, margin: string, isInline?: boolean): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const kind = Array.isArray(value) ? 'array' : 'object';
  const entries: (readonly [string, unknown])[] = Array.isArray(value)
    ? value.map((element) => ['', element] as const)
    : Object.entries(value).filter(([, member]) => member !== undefined);
  if (entries.length === 0) return kind === 'array' ? '[]' : '{}';
  if (layout.newline === '' || (isInline ?? layout.inline[kindOfValue(value)!])) {
    const line = inOneLine(value, layout);
    if (layout.newline === '' || margin.length + line.length <= MOST_COLUMNS) return line;
  }
  const inner = margin + layout.indent;
  const lines = entries.map(([name, member]) => inner + named(kind, name, layout) + written(member, layout, inner));
  const [open, close] = kind === 'array' ? '[]' : '{}';
  return `${open}${layout.newline}${lines.join(`,${layout.newline}`)}${layout.newline}${margin}${close}`;
}

function inOneLine(value: unknown, layout: Layout): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const { gap, padding } = layout;
  if (Array.isArray(value)) return `[${value.map((element) => inOneLine(element, layout)).join(`,${gap}`)}]`;
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  if (members.length === 0) return '{}';
  const parts = members.map(([name, member]) => named('object', name, layout) + inOneLine(member, layout));
  return `{${padding}${parts.join(`,${gap}`)}${padding}}`;
}

/** The name of a member, as it stands before its value. */
export function named(kind: 'array' | 'object', name: string, { colon }: Layout): string {
  return kind === 'array' ? '' : JSON.stringify(name) + colon;
}
