import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { filesUnder } from '../../../scripts/files.mjs';

export const root = fileURLToPath(new URL('../../..', import.meta.url));

export interface Page {
  /** Path from the root on. */
  readonly path: string;
  readonly text: string;
}

/** The pages that show code to users: the README of the house and of each package, and everything under docs. */
export function pages(): readonly Page[] {
  const docs = readdirSync(`${root}docs`, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.md'))
    .map((path) => `docs/${path.replaceAll('\\', '/')}`);
  const readmes = readdirSync(`${root}packages`).map((name) => `packages/${name}/README.md`);
  return ['README.md', ...docs, ...readmes]
    .toSorted()
    .filter((path) => existsSync(`${root}${path}`))
    .map(read);
}

/** The READMEs of the examples. */
export function examples(): readonly Page[] {
  return readdirSync(`${root}examples`)
    .map((name) => `examples/${name}/README.md`)
    .filter((path) => existsSync(`${root}${path}`))
    .map(read);
}

/** The sources of the examples, whose READMEs quote their own functions. */
export function exampleSources(): readonly Page[] {
  return filesUnder(root, 'examples')
    .filter((path) => /\.(ts|mjs|js)$/.test(path))
    .map(read);
}

export function read(path: string): Page {
  return { path, text: readFileSync(`${root}${path}`, 'utf8') };
}

/** The sources of all packages. */
export function sources(): readonly Page[] {
  return readdirSync(`${root}packages`).flatMap((name) => {
    const folder = `packages/${name}/src`;
    if (!existsSync(`${root}${folder}`)) return [];
    return readdirSync(`${root}${folder}`, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts'))
      .map((path) => read(`${folder}/${path}`));
  });
}
