import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { ask } from '../mutate/ask.mjs';
import { drawn, mutated, mutationsOf } from '../mutate/mutations.mjs';
import { testsNear } from '../mutate/near.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const changes = (text: string) => mutationsOf('x.ts', text).map(({ before, after }) => `${before} -> ${after}`);

describe('the changes that could be made to a source', () => {
  it.each([
    ['if (a < 1) b();', ['a < 1 -> !(a < 1)', 'a < 1 -> false', '< -> <=', '1 -> (1 + 1)', 'b(); -> ;']],
    ['const f = (x: boolean) => !x;', ['!x -> undefined', '!x -> x']],
    ['function f() { return a === b && c; }', ['a === b && c -> undefined', '=== -> !==', '&& -> ||']],
    ['const a = b ?? true;', ['b ?? true -> b', 'true -> false']],
    ["const a = { kind: 'open' };", ["'open' -> ''"]],
  ])('of %s are bounds, conditions, statements, constants and answers', (text, expected) => {
    expect(changes(text)).toEqual(expected);
  });

  it.each([
    ["type A = 'open' | 1;", 'a type'],
    ["import { a } from 'b';", 'an import'],
    ["export * from 'b';", 'an export'],
    ['// a < b\n/** return 1; */', 'a comment'],
    ["throw new Error('found none of them');", 'the words of a message'],
    ["const a = { 'open': b };", 'the name of a property'],
    ['const a = b as 1;', 'an assertion'],
    ['const a = `x${b}` + c;', 'text joined to text'],
  ])('are not made to %s: it is %s', (text) => {
    expect(changes(text)).toEqual([]);
  });

  it('stand where they say, and are made one at a time', () => {
    const text = '\nconst a = 1;\nconst b = 2;\n';
    const [, second] = mutationsOf('x.ts', text);
    expect(second).toMatchObject({ line: 3, before: '2' });
    expect(mutated(text, second!)).toBe('\nconst a = 1;\nconst b = (2 + 1);\n');
  });

  it('are drawn alike from one seed, differently from another, none twice', () => {
    const list = Array.from({ length: 100 }, (_, n) => n);
    expect(drawn(list, 7, 20)).toEqual(drawn(list, 7, 40).slice(0, 20));
    expect(drawn(list, 7, 20)).not.toEqual(drawn(list, 8, 20));
    expect(drawn(list, 7, 1_000).toSorted((one, other) => one - other)).toEqual(list);
  });
});

it('the tests near a source are those of its name and its importers, then its package, then others', () => {
  const importers = new Map([
    ['packages/a/src/x.ts', new Set(['packages/a/src/y.ts', 'packages/a/test/uses.test.ts'])],
    [
      'packages/a/src/y.ts',
      new Set(['packages/a/test/x.test.ts', 'packages/a/test/y.test.ts', 'tests/live/z.test.ts']),
    ],
  ]);
  expect(testsNear('packages/a/src/x.ts', importers)).toEqual([
    ['packages/a/test/uses.test.ts', 'packages/a/test/x.test.ts'],
    ['packages/a/test/y.test.ts'],
    ['tests/live/z.test.ts'],
  ]);
});

it(
  'a change is noticed by a test that sees it, is gone with its run, and never stands in the file',
  { timeout: 120_000 },
  async () => {
    const file = 'packages/core/src/evaluation/murmur3.ts';
    const text = readFileSync(root + file, 'utf8');
    const change = mutationsOf(file, text).find(({ before, kind }) => before === '-' && kind === 'another operator')!;
    const test = 'packages/core/test/evaluation/murmur3.test.ts';
    const never = new AbortController().signal;
    const asked = ask(root, [test], { ...change, path: root + file }, never);
    expect(await asked).toMatchObject({ kind: 'failed', file: test });
    expect(readFileSync(root + file, 'utf8')).toBe(text);
    expect(await ask(root, [test], undefined, never)).toEqual({ kind: 'passed' });
  },
);
