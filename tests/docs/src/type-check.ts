import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Program, textOf } from './programs.ts';

const folder = fileURLToPath(new URL('../dist/compiled/', import.meta.url));
const tsc = fileURLToPath(new URL('../node_modules/typescript/bin/tsc', import.meta.url));

/**
 * What is wrong with the programs, by the page and line where it stands; all of them in one run of the compiler,
 * against the packages' sources. The files of one page find each other by their paths.
 */
export function typeCheck(programs: readonly Program[]): readonly string[] {
  rmSync(folder, { recursive: true, force: true });
  const named = new Map(programs.map((program, index) => [nameOf(program, index), program]));
  for (const [name, program] of named) {
    mkdirSync(dirname(folder + name), { recursive: true });
    writeFileSync(folder + name, textOf(program));
  }
  const files = [...named.keys(), '../../src/not-installed.d.ts'];
  const compilerOptions = {
    declaration: false,
    noImplicitReturns: false,
    jsx: 'preserve',
    experimentalDecorators: true,
  };
  writeFileSync(
    `${folder}tsconfig.json`,
    JSON.stringify({ extends: '../../../../tsconfig.base.json', files, compilerOptions }),
  );
  const { status, stdout, stderr } = spawnSync(process.execPath, [tsc, '-p', folder, '--pretty', 'false'], {
    cwd: folder,
    encoding: 'utf8',
  });
  if (status === 0) return [];
  const problems = `${stdout}${stderr}`.split('\n').filter((line) => line !== '');
  return problems.map((problem) => {
    const [, file = '', line, message] = /^(\S+\.tsx?)\((\d+),\d+\): (.*)$/.exec(problem) ?? [];
    const from = named.get(file)?.lines[Number(line) - 1]?.from;
    return from === undefined ? problem : `${from}: ${message}`;
  });
}

function nameOf({ page, file, jsx }: Program, index: number): string {
  return file === undefined ? `${index}.${jsx ? 'tsx' : 'ts'}` : `${basename(page, '.md')}/${file}`;
}
