import { describe, expect, it } from 'vitest';
import { circles, targetOf, unexpected } from '../arrows/circles.mjs';
import { importsOf } from '../arrows/imports.mjs';
import { forbidden } from '../arrows/judge.mjs';

const value = (specifier: string) => ({ specifier, typeOnly: false });
const type = (specifier: string) => ({ specifier, typeOnly: true });

describe('the imports of a file', () => {
  it('are found in statements, re-exports, calls and types, with their lines', () => {
    const text = [
      "import { a } from './a.ts';",
      "import type { B } from './b.ts';",
      "import { type C } from './c.ts';",
      "export * from './d.ts';",
      "export type { E } from './e.ts';",
      "import './f.ts';",
      "const g = await import('./g.ts');",
      "type H = import('./h.ts').H;",
    ].join('\n');
    expect(importsOf('x.ts', text)).toEqual([
      { specifier: './a.ts', typeOnly: false, line: 1 },
      { specifier: './b.ts', typeOnly: true, line: 2 },
      { specifier: './c.ts', typeOnly: true, line: 3 },
      { specifier: './d.ts', typeOnly: false, line: 4 },
      { specifier: './e.ts', typeOnly: true, line: 5 },
      { specifier: './f.ts', typeOnly: false, line: 6 },
      { specifier: './g.ts', typeOnly: false, line: 7 },
      { specifier: './h.ts', typeOnly: true, line: 8 },
    ]);
  });

  it('are not found in comments and strings', () => {
    expect(
      importsOf('x.ts', "// import 'effect'\n/** import { x } from 'effect' */ const s = \"import 'effect'\";"),
    ).toEqual([]);
  });

  it('are not guessed when the file cannot be parsed', () => {
    expect(() => importsOf('x.ts', 'import {')).toThrow('x.ts cannot be parsed');
  });
});

describe('an import is refused', () => {
  it.each([
    ['the Effect barrel, anywhere', 'examples/effect-app/main.ts', value('effect'), 'barrel'],
    ['a barrel of a folder of Effect', 'packages/core/src/drivers/background/x.ts', value('effect/testing'), 'barrel'],
    ['Effect in the decisions', 'packages/core/src/refresh/x.ts', value('effect/Effect'), 'may import Effect'],
    ['a type of Effect in the client', 'packages/core/src/client/x.ts', type('effect/Effect'), 'may import Effect'],
    ['Effect in the main entry', 'packages/core/src/index.ts', value('effect/Effect'), 'may import Effect'],
    ['Effect in an adapter', 'packages/redis/src/x.ts', value('effect/Effect'), 'src/effect.ts'],
    ['Effect in a face', 'packages/http/src/effect.ts', value('effect/Effect'), 'others speak promises'],
    ["core's ./effect, by an adapter", 'packages/redis/src/x.ts', type('@clarity/flags-core/effect'), 'core/ports'],
    [
      "an adapter's ./effect, by its plain files",
      'packages/redis/src/index.ts',
      type('./effect.ts'),
      'need not have Effect',
    ],
    ['itself by name, by a plain file', 'packages/redis/src/x.ts', value('@clarity/flags-redis'), 'by relative path'],
    ['another adapter, by ./effect of one', 'packages/redis/src/effect.ts', value('@clarity/flags-file'), 'core/ports'],
    ['a higher floor of core', 'packages/core/src/evaluation/x.ts', value('../refresh/y.ts'), 'may import document'],
    ['a higher floor of core, for a type', 'packages/core/src/document/x.ts', type('../ports/y.ts'), 'no other folder'],
    ['the other driver', 'packages/core/src/edge/x.ts', value('../drivers/background/y.ts'), 'may import'],
    [
      'an entry of core from inside',
      'packages/core/src/drivers/background/x.ts',
      value('../../index.ts'),
      'is an entry',
    ],
    ['a driver from ./evaluation', 'packages/core/src/evaluation.ts', value('./drivers/background/y.ts'), 'may import'],
    ['a folder nobody drew', 'packages/core/src/attic/x.ts', value('../document/y.ts'), 'no place in the house'],
    ['Node in the evaluation', 'packages/core/src/evaluation/x.ts', value('node:crypto'), 'every runtime'],
    ['Node without its prefix', 'packages/core/src/ports/x.ts', value('fs'), 'every runtime'],
    ['core but its ports, by an adapter', 'packages/file/src/x.ts', type('@clarity/flags-core'), 'core/ports'],
    ['another adapter', 'packages/upstash/src/x.ts', value('@clarity/flags-redis'), 'core/ports'],
    [
      'a private package, by one that it is not for',
      'packages/ssm/src/x.ts',
      value('@clarity/flags-redis-protocol'),
      'redis, upstash',
    ],
    ['a store, by the protocol', 'packages/redis-protocol/src/x.ts', value('@clarity/flags-redis'), 'core/ports'],
    ['a value of core, by http', 'packages/http/src/x.ts', value('@clarity/flags-core'), 'import type'],
    ['what faces are made of, by an adapter', 'packages/file/src/x.ts', value('@clarity/flags-web'), 'into http only'],
    [
      'a composition root, by a face',
      'packages/http/src/x.ts',
      type('@clarity/flags-express'),
      'knows only core, what is pure and',
    ],
    ['core but its kit, by what faces are made of', 'packages/web/src/x.ts', type('@clarity/flags-core'), 'core/ports'],
    ['Node, by what is pure', 'packages/changes/src/x.ts', value('node:fs'), 'in browsers'],
    ["core's client, by what is pure", 'packages/changes/src/x.ts', type('@clarity/flags-core'), 'core/definition'],
    ['an adapter, by what is pure', 'packages/changes/src/x.ts', type('@clarity/flags-file'), 'core/definition'],
    ['what is pure, by an adapter', 'packages/file/src/x.ts', value('@clarity/flags-changes'), 'core/ports'],
    ['Effect in what is pure', 'packages/changes/src/x.ts', value('effect/Effect'), 'only core knows Effect'],
    ['an adapter, by testing', 'packages/testing/src/x.ts', value('@clarity/flags-file'), 'only core'],
    ['any package, by core', 'packages/core/src/client/x.ts', value('@clarity/flags-http'), 'no other package'],
    ['a package nobody drew', 'packages/attic/src/x.ts', value('@clarity/flags-core'), 'no place in the house'],
    ['the sources of another package', 'packages/file/test/x.test.ts', value('../../core/src/index.ts'), 'by name'],
    ['the sources of a package, by a test', 'tests/live/x.test.ts', value('../../packages/core/src/a.ts'), 'by name'],
    ['another example, by an example', 'examples/hono/main.ts', value('../bun-server/main.ts'), 'copied as one folder'],
    [
      'a private package, by an example',
      'examples/hono/x.ts',
      value('@clarity/flags-stand-ins/ssm-server'),
      'published',
    ],
    ['a private package, by a root', 'packages/node/src/x.ts', type('@clarity/flags-stand-ins/x'), 'only tests'],
    ['the sources of a package, by an example', 'examples/hono/x.ts', value('../../packages/http/src/x.ts'), 'by name'],
  ])('of %s', (_, file, imported, reason) => {
    expect(forbidden(file, imported)).toContain(reason);
  });
});

describe('an import is allowed', () => {
  it.each([
    ['Effect in the driver of the background', 'packages/core/src/drivers/background/x.ts', value('effect/Effect')],
    ["Effect in an adapter's entry for it", 'packages/redis/src/effect.ts', value('effect/Layer')],
    ["core's ./effect, by an adapter's", 'packages/redis/src/effect.ts', value('@clarity/flags-core/effect')],
    ["an adapter's main entry, by its ./effect", 'packages/redis/src/effect.ts', value('@clarity/flags-redis')],
    ['Effect in its entry', 'packages/core/src/effect.ts', value('effect/Layer')],
    ["Effect in a test of core's", 'packages/core/test/drivers/driver.test.ts', value('effect/testing/TestClock')],
    ['a lower floor of core', 'packages/core/src/refresh/x.ts', value('../document/y.ts')],
    ['a neighbour in the folder', 'packages/core/src/document/x.ts', value('./y.ts')],
    ['the driver by the client', 'packages/core/src/client/x.ts', value('../drivers/background/y.ts')],
    ['Node in the client', 'packages/core/src/client/x.ts', value('node:os')],
    ["core's ports by an adapter", 'packages/file/src/x.ts', value('@clarity/flags-core/ports')],
    ["core's kit by an adapter", 'packages/file/src/x.ts', value('@clarity/flags-core/adapter-kit')],
    ['the protocol of Redis by an adapter of it', 'packages/upstash/src/x.ts', value('@clarity/flags-redis-protocol')],
    ["core's types by http", 'packages/http/src/x.ts', type('@clarity/flags-core')],
    ['what faces are made of by a face', 'packages/http/src/x.ts', value('@clarity/flags-web/node')],
    ["core's kit by what faces are made of", 'packages/web/src/x.ts', value('@clarity/flags-core/adapter-kit')],
    ["core's pure entries by what is pure", 'packages/changes/src/x.ts', value('@clarity/flags-core/definition')],
    ['what is pure by a face', 'packages/http/src/x.ts', value('@clarity/flags-changes')],
    ['any package by a composition root', 'packages/express/src/x.ts', value('@clarity/flags-http')],
    ["core by an adapter's test", 'packages/file/test/x.test.ts', value('@clarity/flags-testing/contracts')],
    ["a private package by an adapter's test", 'packages/ssm/test/x.ts', value('@clarity/flags-stand-ins/ssm-server')],
    ["an example's own file", 'examples/hono/main.ts', value('./app.ts')],
    ["a test's own sources", 'packages/file/test/x.test.ts', value('../src/y.ts')],
  ])('of %s', (_, file, imported) => {
    expect(forbidden(file, imported)).toBeUndefined();
  });
});

describe('a circle of files', () => {
  const found = circles(
    new Map([
      ['a.ts', ['b.ts', 'd.ts']],
      ['b.ts', ['c.ts']],
      ['c.ts', ['a.ts']],
      ['d.ts', ['e.ts']],
      ['e.ts', []],
      ['self.ts', ['self.ts']],
    ]),
  );

  it('is found whole, and what only leads to it or from it is not of it', () => {
    expect(found).toEqual([['a.ts', 'b.ts', 'c.ts'], ['self.ts']]);
    expect(targetOf('packages/a/src/x.ts', '../test/y.ts')).toBe('packages/a/test/y.ts');
    expect(targetOf('packages/a/src/x.ts', 'node:fs')).toBeUndefined();
  });

  it('is refused when it is new, and when a known one is mended', () => {
    expect(unexpected(found, [{ files: ['a.ts', 'b.ts', 'c.ts'] }, { files: ['self.ts'] }])).toEqual([]);
    expect(unexpected(found, [{ files: ['a.ts', 'b.ts'] }, { files: ['self.ts'] }])).toEqual([
      expect.stringMatching(/^a\.ts, b\.ts, c\.ts import each other, types counted/),
      expect.stringMatching(/^a\.ts, b\.ts are no circle any more/),
    ]);
  });
});
