import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Program, textOf } from './programs.ts';

const folder = fileURLToPath(new URL('../dist/compiled/', import.meta.url));
const tsc = fileURLToPath(new URL('../node_modules/typescript/bin/tsc', import.meta.url));

/**
 * What is wrong with the programs, by the page and line where it stands; all of them in one run of the compiler,
 * against the packages' sources.
 */
export function typeCheck(programs: readonly Program[]): readonly string[] {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const names = programs.map(({ jsx }, index) => `${index}.${jsx ? 'tsx' : 'ts'}`);
  programs.forEach((program, index) => writeFileSync(`${folder}${names[index]}`, textOf(program)));
  const files = [...names, '../../src/not-installed.d.ts'];
  const compilerOptions = { declaration: false, noImplicitReturns: false, jsx: 'preserve' };
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
    const [, file, line, message] = /^(\d+)\.tsx?\((\d+),\d+\): (.*)$/.exec(problem) ?? [];
    const from = programs[Number(file)]?.lines[Number(line) - 1]?.from;
    return from === undefined ? problem : `${from}: ${message}`;
  });
}
