// npm run simulate -- --mutations [part of a name]: makes each deliberate mistake in a copy of core's sources and shows
// that an invariant catches it. Fails when one is not caught, or by an invariant that is not about it.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Mutant } from './src/mutant.ts';
import { MUTANTS } from './src/mutants.ts';

const HISTORIES = 5_000;
const SEED = 1;
const root = fileURLToPath(new URL('../..', import.meta.url));
const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));

interface Finding {
  readonly invariant: string | null;
  readonly seed?: number;
  readonly histories: number;
}

/** The sources as they are now: what is edited while this runs does not matter. */
const sources = mkdtempSync(join(tmpdir(), 'clarity-mutants-'));
let wrong = 0;
try {
  copySources(root, join(sources, 'original'));
  for (const mutant of MUTANTS.filter(({ name }) => wanted.every((part) => name.includes(part)))) {
    const finding = live(mutant);
    const caught = finding.invariant !== null && mutant.caughtBy.includes(finding.invariant);
    if (!caught) wrong += 1;
    const outcome =
      finding.invariant === null
        ? `NOT CAUGHT in ${finding.histories} histories`
        : `${caught ? '' : 'CAUGHT BY ANOTHER: '}${finding.invariant} | ${finding.histories}`;
    console.log(`| ${mutant.name} | ${outcome} |`);
  }
} finally {
  rmSync(sources, { recursive: true, force: true });
}
console.log(wrong === 0 ? 'every mistake was caught' : `${wrong} were not caught as they should be`);
process.exitCode = wrong === 0 ? 0 : 1;

function copySources(from: string, to: string): void {
  for (const folder of ['packages/core', 'packages/redis-protocol', 'tests/simulation']) {
    mkdirSync(join(to, folder), { recursive: true });
    cpSync(join(from, folder, 'src'), join(to, folder, 'src'), { recursive: true });
    cpSync(join(from, folder, 'package.json'), join(to, folder, 'package.json'));
    symlinkSync(join(root, folder, 'node_modules'), join(to, folder, 'node_modules'), 'dir');
  }
}

function live(mutant: Mutant): Finding {
  const copy = join(sources, 'mutant');
  rmSync(copy, { recursive: true, force: true });
  copySources(join(sources, 'original'), copy);
  for (const { file, find, replace } of mutant.edits) {
    const path = join(copy, 'packages/core/src', file);
    const parts = readFileSync(path, 'utf8').split(however(find));
    if (parts.length !== 2) {
      throw new Error(
        `mutant "${mutant.name}": found ${parts.length - 1} places in core/src/${file} for ${JSON.stringify(find)}; it must be one`,
      );
    }
    writeFileSync(path, parts.join(replace));
  }
  const script = join(copy, 'tests/simulation/src/first-failure.ts');
  const imports = pathToFileURL(join(copy, 'tests/simulation/src/sources.mjs')).href;
  const from = ['--import', imports, script, String(SEED), String(HISTORIES), ...mutant.caughtBy];
  const { stdout, stderr, status } = spawnSync(process.execPath, from, { encoding: 'utf8' });
  const line = stdout.trim().split('\n').at(-1) ?? '';
  if (status !== 0 || line === '') throw new Error(`mutant "${mutant.name}" does not run:\n${stderr}`);
  return JSON.parse(line) as Finding;
}

/** Finds code however it is laid out. */
function however(code: string): RegExp {
  const tokens = code.match(/\w+|[^\w\s]/g) ?? [];
  const escaped = tokens.map((token) => (/\w/.test(token) ? token : `\\${token}`));
  return new RegExp(escaped.map((token) => (/^\\[)}\]]$/.test(token) ? `,?\\s*${token}` : token)).join('\\s*'));
}
