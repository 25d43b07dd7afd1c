// Whether what is in a package's dist was built from the sources that are there now. Tests that run built packages ask
// first: with an older build they would be green, or red, for something that nobody wrote.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesUnder } from './files.mjs';

/**
 * Beside dist, so that it is in no package. By content and not by time: a checkout makes every file new, and a cache
 * brings old ones.
 */
const NOTE = '.built-from';

/** Of a package's folder, what its build reads. */
const inputs = ['package.json', 'tsconfig.build.json', 'tsup.config.ts'];

/** Notes the sources of the package in this folder, as its build begins. @param {string} folder */
export function noteSources(folder) {
  writeFileSync(join(folder, NOTE), sourcesOf(folder));
}

/**
 * Throws unless every package below `root` was built from its sources of now, with what to do.
 *
 * @param {string} root
 */
export function requireBuilt(root) {
  const packages = readdirSync(join(root, 'packages')).filter((name) =>
    existsSync(join(root, 'packages', name, 'package.json')),
  );
  const stale = packages.filter((name) => !isBuilt(join(root, 'packages', name)));
  if (stale.length === 0) return;
  throw new Error(
    `This test runs the built packages, and ${stale.join(', ')} ${stale.length === 1 ? 'was' : 'were'} ` +
      'built from other sources, or not at all: npm run build',
  );
}

/** @param {string} folder */
function isBuilt(folder) {
  return (
    existsSync(join(folder, 'dist')) &&
    existsSync(join(folder, NOTE)) &&
    readFileSync(join(folder, NOTE), 'utf8') === sourcesOf(folder)
  );
}

/** @param {string} folder */
function sourcesOf(folder) {
  const hash = createHash('sha256');
  for (const part of [folder, ...copiedFrom(folder)]) {
    for (const file of [...inputs, ...filesUnder(part, 'src'), ...examplesFor(part)]) {
      if (!existsSync(join(part, file))) continue;
      const bytes = readFileSync(join(part, file));
      // With its length, so that no two lists of files read alike.
      hash.update(`${file} ${bytes.length}\n`).update(bytes);
    }
  }
  return hash.digest('hex');
}

/** The examples, for the package whose build copies them. @param {string} folder */
function examplesFor(folder) {
  if (manifestIn(folder).scripts?.build?.includes('copy-examples') !== true) return [];
  return filesUnder(join(folder, '../../examples')).map((file) => `../../examples/${file}`);
}

/** The folders of the private packages that a package has copied into its files. @param {string} folder */
function copiedFrom(folder) {
  const { devDependencies = {} } = manifestIn(folder);
  return Object.keys(devDependencies)
    .filter((name) => name.startsWith('@clarity/flags-'))
    .map((name) => join(folder, '..', name.slice('@clarity/flags-'.length)))
    .filter((other) => manifestIn(other).private === true);
}

/**
 * @param {string} folder
 * @returns {{ private?: boolean, scripts?: { build?: string }, devDependencies?: Record<string, string> }}
 */
function manifestIn(folder) {
  const path = join(folder, 'package.json');
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {};
}
