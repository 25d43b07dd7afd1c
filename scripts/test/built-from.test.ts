import { mkdirSync, mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { noteSources, requireBuilt } from '../built-from.mjs';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'clarity-built-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const name of ['core', 'file']) {
    mkdirSync(join(root, 'packages', name, 'src'), { recursive: true });
    write(name, 'package.json', '{}');
    write(name, 'src/index.ts', 'export const answer = 42;');
    noteSources(join(root, 'packages', name));
    mkdirSync(join(root, 'packages', name, 'dist'));
  }
});

function write(name: string, file: string, text: string): void {
  writeFileSync(join(root, 'packages', name, file), text);
}

describe('tests of built packages', () => {
  it('run when each was built from what is there', () => {
    expect(() => requireBuilt(root)).not.toThrow();
  });

  it('run when sources are newer and say the same, as after a checkout', () => {
    utimesSync(join(root, 'packages/core/src/index.ts'), new Date(), new Date(Date.now() + 60_000));
    expect(() => requireBuilt(root)).not.toThrow();
  });

  it('run beside the folder of a package that is gone', () => {
    mkdirSync(join(root, 'packages/gone/node_modules'), { recursive: true });
    expect(() => requireBuilt(root)).not.toThrow();
  });

  it.each([
    ['a source was edited', () => write('core', 'src/index.ts', 'export const answer = 43;')],
    ['a source was added', () => write('core', 'src/other.ts', '')],
    [
      'a source has another name',
      () => renameSync(join(root, 'packages/core/src/index.ts'), join(root, 'packages/core/src/main.ts')),
    ],
    ['its entries are others', () => write('core', 'package.json', '{"exports":{}}')],
    ['nothing was built', () => rmSync(join(root, 'packages/core/dist'), { recursive: true })],
    ['nobody knows from what it was built', () => rmSync(join(root, 'packages/core/.built-from'))],
  ])('fail when %s, by the name of the package and with what to do', (_what, change) => {
    change();
    expect(() => requireBuilt(root)).toThrow(
      'This test runs the built packages, and core was built from other sources, or not at all: npm run build',
    );
  });

  it('fail when a private package was edited that was copied into it', () => {
    write('file', 'package.json', '{"private":true}');
    write('core', 'package.json', '{"devDependencies":{"@clarity/flags-file":"workspace:*"}}');
    for (const name of ['core', 'file']) noteSources(join(root, 'packages', name));
    expect(() => requireBuilt(root)).not.toThrow();
    write('file', 'src/index.ts', 'export const answer = 43;');
    noteSources(join(root, 'packages/file'));
    expect(() => requireBuilt(root)).toThrow(/, and core was built/);
  });

  it('name every package that was not built', () => {
    for (const name of ['core', 'file']) write(name, 'src/index.ts', '');
    expect(() => requireBuilt(root)).toThrow(/core, file were built/);
  });
});
