import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runInThisContext } from 'node:vm';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Asked } from '../mutate/ask.mjs';
import { drawn, marked, mutated, mutationsOf } from '../mutate/mutations.mjs';
import { testsNear } from '../mutate/near.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const changes = (text: string) => mutationsOf('x.ts', text).map(({ before, after }) => `${before} -> ${after}`);

describe('the changes that could be made to a source', () => {
  it.each([
    ['if (a < 1) b();', ['a < 1 -> !(a < 1)', 'a < 1 -> false', '< -> <=', '1 -> (1 + 1)', 'b(); -> ;']],
    ['const f = (x: boolean) => !x;', ['!x -> undefined', '!x -> x']],
    ['function f() { return a === b && c; }', ['a === b && c -> undefined', '=== -> !==', '&& -> ||']],
    ['const a = b ?? true;', ['b ?? true -> b', 'true -> false']],
    ['const f = () => { return false; };', ['false -> true']],
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

it('marks tell which changes a program comes by, and alter nothing that it does', () => {
  const text = `
    const sign = (n) => (n < 0 ? -1 : 1);
    if (list === undefined) return -2;
    let all = 0;
    for (const one of list) all += sign(one) ?? 5;
    if (all > 100) all = 100;
    return { all, isLarge: all > 2 && list.length > 3 };`;
  // In a function, since a program by itself may not return.
  const mutations = mutationsOf('x.ts', `function f(list) {${text}}`).map((one, id) => ({ ...one, id }));
  const program = (source: string) =>
    runInThisContext(`(given, globalThis) => { ${source}; return f(given); }`) as (
      given: unknown,
      scope: object,
    ) => unknown;
  const [plain, noting] = [
    program(`function f(list) {${text}}`),
    program(marked(`function f(list) {${text}}`, mutations)),
  ];
  const reachedWith = (given: unknown): readonly string[] => {
    const reachedMarks = new Set<number>();
    expect(noting(given, { reachedMarks })).toEqual(plain(given, {}));
    expect(noting(given, {})).toEqual(plain(given, {}));
    return mutations.filter(({ id }) => reachedMarks.has(id)).map(({ before }) => before);
  };
  expect(reachedWith(undefined)).toEqual(expect.arrayContaining(['-2', 'list === undefined']));
  expect(reachedWith(undefined)).not.toContain('-1');
  expect(reachedWith([-1])).toEqual(expect.arrayContaining(['-1', '<', 'all > 100', '2']));
  for (const one of ['-2', '5', 'all = 100;', '3']) expect(reachedWith([-1])).not.toContain(one);
  expect(reachedWith(Array.from({ length: 200 }, () => 1))).toEqual(expect.arrayContaining(['all = 100;', '3']));
});

it('the tests near a source are those of its package, some of its name or its importers, and others', () => {
  const importers = new Map([
    ['packages/a/src/x.ts', new Set(['packages/a/src/y.ts', 'packages/a/test/uses.test.ts'])],
    [
      'packages/a/src/y.ts',
      new Set([
        'packages/a/test/y.test.ts',
        'packages/a/test/x.test.ts',
        ...Array.from({ length: 20 }, (_, n) => `tests/live/z${n}.live.test.ts`),
        'packages/b/test/b.test.ts',
      ]),
    ],
  ]);
  const { own, direct, outside } = testsNear('packages/a/src/x.ts', importers);
  const [uses, named, other] = ['uses', 'x', 'y'].map((name) => `packages/a/test/${name}.test.ts`);
  expect(own.toSorted()).toEqual([uses, named, other]);
  expect([...direct].toSorted()).toEqual([uses, named]);
  expect(outside.slice(0, 2)).toEqual(['packages/b/test/b.test.ts', 'tests/live/z0.live.test.ts']);
  expect(outside).toHaveLength(1 + 12);
});

it(
  'tests see one change after another, none of which stands in the file, and what never ends is killed',
  { timeout: 240_000 },
  async () => {
    const file = 'packages/core/src/evaluation/murmur3.ts';
    const text = readFileSync(root + file, 'utf8');
    const changes = mutationsOf(file, text);
    const test = 'packages/core/test/evaluation/murmur3.test.ts';
    const other = 'packages/core/test/adapter-kit/backoff.test.ts';

    const calm = new Asked(root, 'every-test');
    onTestFinished(() => calm.end());
    const reached = await calm.reachedBy(
      [test, other],
      changes.map((mutation) => ({ file, mutation })),
    );
    expect(reached.get(test)).toMatchObject({ failed: false, reached: new Set(changes.keys()) });
    expect(reached.get(other)).toMatchObject({ failed: false, reached: new Set() });

    const asked = new Asked(root, 'until-one-fails', 3_000);
    onTestFinished(() => asked.end());
    const minus = changes.find(({ kind }) => kind === 'another operator')!;
    const noticed = { kind: 'failed', file: test };
    expect(await asked.about([other, test], { file, mutation: minus }, 10_000)).toMatchObject(noticed);
    expect(readFileSync(root + file, 'utf8')).toBe(text);
    expect(await asked.about([test], undefined, 10_000)).toEqual({ kind: 'passed' });
    const left = changes.find(({ kind }) => kind === 'statement left out')!;
    const endless = { ...left, after: 'for (;;);' };
    expect(await asked.about([test], { file, mutation: endless }, 0)).toEqual({ kind: 'endless', file: undefined });
    expect(await asked.about([test], { file, mutation: left }, 10_000)).toMatchObject(noticed);
  },
);
