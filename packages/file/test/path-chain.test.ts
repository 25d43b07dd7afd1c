import { mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { danglingTarget, pathChain } from '../src/path-chain.ts';
import { remove, temporaryDirectory } from './file-harness.ts';

let directory: string;

beforeEach(async () => {
  directory = realpathSync(await temporaryDirectory());
});
afterEach(() => remove(directory));

async function names(path: string): Promise<Record<string, readonly string[]>> {
  return Object.fromEntries(
    [...(await pathChain(path))].map(([at, found]) => [at.slice(directory.length), [...found].sort()]),
  );
}

it('a plain file is watched for in its directory', async () => {
  writeFileSync(join(directory, 'flags.json'), '');
  expect(await names(join(directory, 'flags.json'))).toEqual({ '': ['flags.json'] });
});

it('a mounted ConfigMap is watched at each of its links', async () => {
  mkdirSync(join(directory, '..2026_01'));
  writeFileSync(join(directory, '..2026_01', 'flags.json'), '');
  symlinkSync('..2026_01', join(directory, '..data'));
  symlinkSync(join('..data', 'flags.json'), join(directory, 'flags.json'));
  expect(await names(join(directory, 'flags.json'))).toEqual({
    '': ['..data', 'flags.json'],
    '/..2026_01': ['flags.json'],
  });
});

it('a linked directory on the way is watched, absolute or with steps up', async () => {
  mkdirSync(join(directory, 'releases', 'one'), { recursive: true });
  writeFileSync(join(directory, 'releases', 'one', 'flags.json'), '');
  symlinkSync(join(directory, 'releases', 'one'), join(directory, 'current'));
  symlinkSync(join('..', 'current'), join(directory, 'releases', 'up'));
  expect(await names(join(directory, 'releases', 'up', 'flags.json'))).toEqual({
    '': ['current'],
    '/releases': ['up'],
    '/releases/one': ['flags.json'],
  });
});

it('what is missing is waited for in the nearest directory that is there', async () => {
  expect(await names(join(directory, 'a', 'b', 'flags.json'))).toEqual({ '': ['a'] });
});

it('a loop of links ends', async () => {
  symlinkSync('b', join(directory, 'a'));
  symlinkSync('a', join(directory, 'b'));
  expect(await names(join(directory, 'a'))).toEqual({ '': ['a', 'b'] });
});

it('the target of a link to nothing is where a file would be made', async () => {
  symlinkSync('real.json', join(directory, 'flags.json'));
  expect(await danglingTarget(join(directory, 'flags.json'))).toBe(join(directory, 'real.json'));
});
