import { describe, expect, it } from 'vitest';
import { packageEntries, publishedFolders } from '../../scripts/package-entries.ts';
import { blocksOf } from './src/blocks.ts';
import { read, sources } from './src/documents.ts';

const all = sources();
/** Modules that a runtime brings itself. */
const OF_THE_RUNTIME = new Set(['node', 'cloudflare']);

describe.each(publishedFolders())('the README of %s', (folder) => {
  const { path, text } = read(`${folder}/README.md`);
  const blocks = blocksOf({ path, text });

  it('has what it is, how to install it, an example, options, errors and runtimes', () => {
    expect(text).toMatch(/^# @clarity\/flags-\w+\n\n\S/);
    expect(text).toMatch(/^npm install .*@clarity\/flags-/m);
    expect(blocks.some(({ language, lines }) => (language === 'ts' || language === 'sh') && lines.length > 4)).toBe(
      true,
    );
    expect(text).toMatch(/^## (Options|Roles)$/m);
    expect(text).toMatch(/^## Errors$/m);
    expect(text).toMatch(/^## Runtimes$/m);
  });

  it('installs what its programs import', () => {
    expect(missingFrom(text, blocks)).toEqual([]);
  });

  it('names every option of what it exports', () => {
    // What these export is for the authors of adapters, who read its doc comments.
    const forAuthors = new Set(['src/ports.ts', 'src/adapter-kit.ts', 'src/metrics.ts']);
    const entries = packageEntries(folder).filter(({ source }) => !forAuthors.has(source));
    const exported = entries.map(({ source }) => read(`${folder}/${source}`).text).join('\n');
    const named = [...text.matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code);
    const code = [...named, ...blocks.flatMap(({ lines }) => lines)].join('\n');
    const missing = all
      .filter((source) => source.path.startsWith(`${folder}/`))
      .flatMap((source) => optionsIn(source.text))
      .filter(({ owner }) => new RegExp(`\\b${owner}\\b`).test(exported))
      .filter(({ name }) => !new RegExp(`\\b${name}\\b`).test(code));
    expect(missing).toEqual([]);
  });
});

it.each(['README.md', 'docs/guide/getting-started.md'])('%s installs what its programs import', (page) => {
  const { path, text } = read(page);
  expect(missingFrom(text, blocksOf({ path, text }))).toEqual([]);
});

/** Packages that the programs of a page import and no `npm install` on it names: with pnpm they would not be found. */
function missingFrom(text: string, blocks: ReturnType<typeof blocksOf>): readonly string[] {
  const installed = new Set([...text.matchAll(/npm install ([^`\n]+)/g)].flatMap(([, words = '']) => words.split(' ')));
  const imported = blocks
    .filter(({ language }) => language === 'ts')
    .flatMap(({ lines }) => [...lines.join('\n').matchAll(/^(?:import|\} from)\b.*'((?:@[\w-]+\/)?[\w-]+)[^']*';$/gm)])
    .map(([, name = '']) => name);
  return [...new Set(imported)].filter((name) => !OF_THE_RUNTIME.has(name) && !installed.has(name));
}

/** The members of each exported interface whose name ends with Options. */
function optionsIn(source: string): readonly { readonly owner: string; readonly name: string }[] {
  const interfaces = source
    .replaceAll(/\/\*\*.*?\*\//gs, '')
    .matchAll(/^export interface (\w+Options)\b[^{]*\{(.*?)^\}/gms);
  return [...interfaces].flatMap(([, owner = '', body = '']) =>
    [...body.matchAll(/^ {2}readonly (\w+)\??:/gm)].map(([, name = '']) => ({ owner, name })),
  );
}
