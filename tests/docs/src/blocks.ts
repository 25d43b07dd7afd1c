import type { Page } from './documents.ts';

/** A piece of code on a page. */
export interface Block {
  readonly page: string;
  /** What follows the opening fence. */
  readonly language: string;
  /** The line of the page on which the first line of the code stands, counted from 1. */
  readonly line: number;
  readonly lines: readonly string[];
}

/** The fenced blocks of a page. */
export function blocksOf({ path, text }: Page): readonly Block[] {
  const blocks: Block[] = [];
  let open: { language: string; end: string; line: number; lines: string[] } | undefined;
  text.split('\n').forEach((line, index) => {
    if (open !== undefined) {
      if (line.trim() !== open.end) open.lines.push(line);
      else {
        const { end: _, ...block } = open;
        blocks.push({ page: path, ...block });
        open = undefined;
      }
      return;
    }
    const fence = /^\s*(`{3,})(.*)$/.exec(line);
    if (fence !== null) open = { language: fence[2]!.trim(), end: fence[1]!, line: index + 2, lines: [] };
  });
  if (open !== undefined) throw new Error(`${path}: the block before line ${open.line} has no end`);
  return blocks;
}
