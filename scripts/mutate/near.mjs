// Which files of tests are near a source file: those that import it, by how many steps. Reads files, writes none.
import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { importsOf } from '../arrows/imports.mjs';
import { filesUnder } from '../files.mjs';

/** How many against real servers are asked: all the others would take minutes for each change that nobody notices. */
const LIVE = 12;

/**
 * `direct` are those of `own` that are named after the source or import it.
 *
 * @typedef {{ own: readonly string[], direct: ReadonlySet<string>, outside: readonly string[] }} TestsNear
 */

/**
 * Who imports whom, with the packages' names taken for their sources.
 *
 * @param {string} root
 * @param {ReadonlyMap<string, string>} entries The source of each specifier, such as `packages/core/src/ports.ts`.
 */
export function importersOf(root, entries) {
  /** @type {Map<string, Set<string>>} */
  const importers = new Map();
  const files = ['packages', 'tests', 'examples']
    .flatMap((folder) => filesUnder(root, folder))
    .filter((file) => file.endsWith('.ts') && !/^tests\/(?:runtimes|tarballs|hosts)\//.test(file));
  for (const file of files) {
    for (const { specifier, typeOnly } of importsOf(file, readFileSync(join(root, file), 'utf8'))) {
      if (typeOnly) continue;
      const target = specifier.startsWith('.') ? posix.join(posix.dirname(file), specifier) : entries.get(specifier);
      if (target === undefined) continue;
      const known = importers.get(target) ?? new Set();
      importers.set(target, known.add(file));
    }
  }
  return importers;
}

/**
 * The tests that could reach a source file: `own` are those of its package, `outside` those of other packages and
 * across packages, and of those against real servers the nearest.
 *
 * @param {string} file
 * @param {ReadonlyMap<string, ReadonlySet<string>>} importers
 * @returns {TestsNear}
 */
export function testsNear(file, importers) {
  const reached = [file];
  for (const one of reached)
    for (const importer of importers.get(one) ?? []) if (!reached.includes(importer)) reached.push(importer);
  const tests = reached.filter((one) => one.endsWith('.test.ts'));
  const home = `${file.split('/').slice(0, 2).join('/')}/`;
  const name = posix.basename(file, '.ts');
  const by = importers.get(file);
  const isNamed = (/** @type {string} */ one) => posix.basename(one).replace(/(?:\.\w+)?\.test\.ts$/, '') === name;
  const own = tests.filter((one) => one.startsWith(home));
  const others = tests.filter((one) => !one.startsWith(home));
  const isLive = (/** @type {string} */ one) => one.endsWith('.live.test.ts');
  return {
    own,
    direct: new Set(own.filter((one) => isNamed(one) || by?.has(one))),
    outside: [...others.filter((one) => !isLive(one)), ...others.filter(isLive).slice(0, LIVE)],
  };
}
