// The page about Next and the application to copy show the same files, so that whoever copies either has the other.
import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { blocksOf } from './src/blocks.ts';
import { read, root } from './src/documents.ts';

const folder = 'examples/next-app';
const routes = (...names: readonly string[]): readonly string[] =>
  names.map((name) => `app/${name}/[[...route]]/route.ts`);

/** What each block of the page says that it is, and its text. */
const shown = new Map(
  blocksOf(read('docs/guide/next.md')).flatMap(({ lines: [first = '', ...rest] }) => {
    const [, file] = /^\/\/ (\S+\.tsx?)$/.exec(first) ?? [];
    return file === undefined ? [] : [[file, `${rest.join('\n')}\n`] as const];
  }),
);

it('the example of Next has the files of its page, word for word', () => {
  const both = [...shown.keys()].filter((file) => existsSync(`${root}${folder}/${file}`));
  expect(both.toSorted()).toEqual(
    [
      'app/api/checkout/route.ts',
      ...routes('feature-flags'),
      'app/page.tsx',
      'instrumentation.ts',
      'lib/flags.ts',
      'proxy.ts',
    ].toSorted(),
  );
  for (const file of both) expect(read(`${folder}/${file}`).text, file).toBe(shown.get(file));
});

it('the example of Next has the routes of metrics once more the same, as the page says', () => {
  const [flags, metrics] = routes('feature-flags', 'metrics/feature-flags').map(
    (file) => read(`${folder}/${file}`).text,
  );
  expect(metrics).toBe(flags);
});
