import type { Block } from './blocks.ts';

/** One module made of blocks of a page, with the place that each line came from. */
export interface Program {
  readonly lines: readonly { readonly text: string; readonly from: string }[];
}

/**
 * What a page's TypeScript blocks amount to. They follow each other like the steps of a tutorial: a block sees what
 * those before it declared, and may declare a name anew. One that exports, or imports a name that is imported already,
 * begins a program of its own, as readers take it; so does one whose hidden code declares what is declared already.
 */
export function programsOf(blocks: readonly Block[]): readonly Program[] {
  const programs: Draft[] = [];
  let hidden: Block[] = [];
  for (const block of blocks) {
    if (block.language === 'ts hidden') hidden.push(block);
    if (block.language !== 'ts') continue;
    const given = [...hidden, block];
    hidden = [];
    const imported = given.flatMap(importedNames);
    const declared = given.slice(0, -1).flatMap(declaredNames);
    const last = programs.at(-1);
    const begins =
      last === undefined ||
      block.lines.some((line) => line.startsWith('export ')) ||
      imported.some((name) => last.imported.has(name)) ||
      declared.some((name) => last.declared.has(name));
    const draft = begins ? new Draft() : last;
    if (begins) programs.push(draft);
    for (const name of imported) draft.imported.add(name);
    for (const name of given.flatMap(declaredNames)) draft.declared.add(name);
    draft.add(given.slice(0, -1), block);
  }
  const [left] = hidden;
  if (left !== undefined) throw new Error(`${left.page}:${left.line}: hidden code stands before no block`);
  return programs.map((draft) => draft.finish());
}

export function textOf({ lines }: Program): string {
  return `${lines.map(({ text }) => text).join('\n')}\n`;
}

class Draft {
  readonly imported = new Set<string>();
  readonly declared = new Set<string>();
  readonly #top: Program['lines'][number][] = [{ text: 'export {};', from: 'the program itself' }];
  readonly #body: Program['lines'][number][] = [];
  #depth = 0;

  add(hidden: readonly Block[], block: Block): void {
    for (const one of hidden) this.#top.push(...placed(one));
    const lines = placed(block);
    const first = this.#body.length === 0;
    // A block of its own for each but the first, inside the one before: names may be declared anew.
    if (!first) {
      this.#depth++;
      this.#body.push({ text: '{', from: lines[0]?.from ?? block.page });
    }
    let importing = false;
    for (const line of lines) {
      importing ||= line.text.startsWith('import ');
      (importing && !first ? this.#top : this.#body).push(line);
      if (importing && line.text.includes(';')) importing = false;
    }
  }

  finish(): Program {
    return { lines: [...this.#top, ...this.#body, { text: '}'.repeat(this.#depth), from: 'the program itself' }] };
  }
}

function placed({ page, line, lines }: Block): Program['lines'] {
  return lines.map((text, index) => ({ text, from: `${page}:${line + index}` }));
}

/** The local names that a block imports. */
function importedNames({ lines }: Block): readonly string[] {
  const imports = lines.join('\n').matchAll(/^import (?:type )?([^;]*?) from /gm);
  return [...imports].flatMap(([, clause = '']) =>
    clause
      .replaceAll(/[{}]/g, ',')
      .split(',')
      .map((part) => part.trim().split(' ').at(-1) ?? '')
      .filter((name) => name !== ''),
  );
}

/** The names that a block declares at its outermost level. */
function declaredNames({ lines }: Block): readonly string[] {
  const declarations = lines
    .join('\n')
    .matchAll(/^(?:export |declare )*(?:const|let|function|class|interface|type) (?:\{([^}]*)\}|(\w+))/gm);
  return [...declarations].flatMap(([, several = '', one = '']) => [one, ...several.split(/[\s,:]+/)]).filter(Boolean);
}
