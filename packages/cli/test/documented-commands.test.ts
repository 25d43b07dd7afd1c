import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { readCommandLine } from '../src/command-line.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

it('takes every command line that the documentation shows', () => {
  const documents = ['packages', 'docs'].flatMap((folder) =>
    readdirSync(`${root}${folder}`, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.md') && !path.includes('node_modules'))
      .map((path) => `${folder}/${path}`),
  );
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
