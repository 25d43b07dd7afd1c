import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { readCommandLine } from '../src/command-line.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

it('takes every command line that the documentation shows', () => {
  // Not all of `packages`: what is installed there is linked, and following the links takes seconds.
  const pages = readdirSync(`${root}docs`, { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('.md'),
  );
  const documents = [
    ...pages.map((path) => `docs/${path}`),
    // Private packages have none.
    ...readdirSync(`${root}packages`)
      .map((name) => `packages/${name}/README.md`)
      .filter((path) => existsSync(`${root}${path}`)),
  ];
  const shown = documents.flatMap((path) =>
    [...readFileSync(`${root}${path}`, 'utf8').matchAll(/^(?:npx )?clarity-flags (.*)$/gm)].map(
      ([line, words = '']) => ({
        place: `${path}: ${line}`,
        args: [...words.replace(/ +[|>#].*$/, '').matchAll(/'([^']*)'|(\S+)/g)].map(
          ([, quoted, word]) => quoted ?? word!,
        ),
      }),
    ),
  );
  expect(shown.length).toBeGreaterThan(5);
  for (const { place, args } of shown) expect(() => readCommandLine(args), place).not.toThrow();
});
