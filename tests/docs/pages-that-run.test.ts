/** Pages whose programs are run as they stand: those that begin, and those that are tests themselves. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { blocksOf } from './src/blocks.ts';
import { read } from './src/documents.ts';
import { programsOf, textOf } from './src/programs.ts';

// The programs read `flags.json` where they stand: the file that the first page says to write.
const there = mkdtempSync(join(tmpdir(), 'clarity-docs-'));
const before = process.cwd();
const first = blocksOf(read('docs/guide/getting-started.md'));
writeFileSync(join(there, 'flags.json'), first.find(({ language }) => language === 'json')!.lines.join('\n'));
process.chdir(there);
afterAll(() => {
  process.chdir(before);
  rmSync(there, { recursive: true });
});

const folder = fileURLToPath(new URL('dist/run/', import.meta.url));
mkdirSync(folder, { recursive: true });

/** Runs each program of a page; resolves to how many there are. */
async function runPage(name: string): Promise<number> {
  const programs = programsOf(blocksOf(read(`docs/guide/${name}.md`)));
  for (const [index, program] of programs.entries()) {
    const file = `${folder}${name}-${index}.ts`;
    writeFileSync(file, textOf(program));
    await import(file);
  }
  return programs.length;
}

it('getting started runs to its end', async () => {
  expect(await runPage('getting-started')).toBe(1);
});

it('growing an experiment moves nobody from arm to arm', async () => {
  expect(await runPage('growing-an-experiment')).toBe(1);
}, 60_000);

describe('testing your flags', async () => {
  await runPage('testing');
});

describe('writing an adapter', async () => {
  await runPage('writing-an-adapter');
});

describe('Clarity Flags for Effect programs', async () => {
  await runPage('effect');
});
