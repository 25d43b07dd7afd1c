import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { packageEntries, packageFolders } from '../package-entries.ts';

const text = readFileSync('tsconfig.base.json', 'utf8').replaceAll(/^\s*\/\/.*$/gm, '');
const { compilerOptions } = JSON.parse(text) as { compilerOptions: { paths: Record<string, string[]> } };

/** Where type checks look for a name of ours: the pattern with the longest beginning wins. */
function sourceOf(specifier: string): string | undefined {
  const [match] = Object.entries(compilerOptions.paths)
    .map(([pattern, [target = '']]) => ({ start: pattern.replace('*', ''), target }))
    .filter(({ start }) => specifier.startsWith(start))
    .toSorted((one, other) => other.start.length - one.start.length);
  return match?.target.replace('*', specifier.slice(match.start.length)).replace('./', '');
}

it.each(packageFolders().flatMap((folder) => packageEntries(folder).map((entry) => ({ folder, ...entry }))))(
  '"paths" of tsconfig.base.json lead $specifier to its source, so that no build is needed to check types',
  ({ folder, specifier, source }) => {
    expect(sourceOf(specifier)).toBe(`${folder}/${source}`);
  },
);
