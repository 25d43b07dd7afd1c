import type { Block } from './blocks.ts';

/** One module made of blocks of a page, with the place that each line came from. */
export interface Program {
  /** The page that it is from. */
  readonly page: string;
  /** The file that it is, where its first line says so, such as `// src/flags.module.ts`. */
  readonly file: string | undefined;
  /** It has elements of JSX, as pages of Next do. */
  readonly jsx: boolean;
  readonly lines: readonly { readonly text: string; readonly from: string }[];
}

/**
 * What a page's TypeScript blocks amount to. They follow each other like the steps of a tutorial: a block sees what
 * those before it declared, and may declare a name anew. One that exports, imports a name that is imported already, or
 * says which file it is, begins a program of its own, as readers take it.
 */
export function programsOf(blocks: readonly Block[]): readonly Program[] {
  const programs: Draft[] = [];
  for (const block of blocks) {
    if (block.language !== 'ts' && block.language !== 'tsx') continue;
    const imported = importedNames(block);
    const last = programs.at(-1);
    const begins =
      last === undefined ||
      fileOf(block) !== undefined ||
      block.lines.some((line) => line.startsWith('export ')) ||
      imported.some((name) => last.imported.has(name));
    const draft = begins ? new Draft(block) : last;
    if (begins) programs.push(draft);
    for (const name of imported) draft.imported.add(name);
    draft.add(block);
  }
  return programs.map((draft) => draft.finish());
}

export function textOf({ lines }: Program): string {
  return `${lines.map(({ text }) => text).join('\n')}\n`;
}

class Draft {
  readonly imported = new Set<string>();
  readonly #top: Program['lines'][number][] = [{ text: 'export {};', from: 'the program itself' }];
  readonly #body: Program['lines'][number][] = [];
  #depth = 0;
  #jsx = false;
  readonly #first: Block;

  constructor(first: Block) {
    this.#first = first;
  }

  add(block: Block): void {
    this.#jsx ||= block.language === 'tsx';
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
    const end = { text: '}'.repeat(this.#depth), from: 'the program itself' };
    return {
      page: this.#first.page,
      file: fileOf(this.#first),
      jsx: this.#jsx,
      lines: [...this.#top, ...this.#body, end],
    };
  }
}

function placed({ page, line, lines }: Block): Program['lines'] {
  return lines.map((text, index) => ({ text, from: `${page}:${line + index}` }));
}

function fileOf({ lines }: Block): string | undefined {
  return /^\/\/ (\S+\.tsx?)$/.exec(lines[0] ?? '')?.[1];
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
