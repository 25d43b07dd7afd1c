// Fails when pnpm-lock.yaml lacks binaries of a platform, or holds an address. A registry that lags behind drops such
// binaries without a word, and `--frozen-lockfile` then breaks on that platform. Needs `pnpm install` to have run.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const lockfile = readFileSync(join(root, 'pnpm-lock.yaml'), 'utf8');
const store = join(root, 'node_modules', '.pnpm');
const platform = /darwin|win32|windows|linux/;

/**
 * @typedef {{ name: string, version: string, os?: unknown, optionalDependencies?: Record<string, string> }} Manifest
 */

/** The packages in one folder of node_modules, scoped ones too. @param {string} folder */
function packagesIn(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((name) =>
    name.startsWith('@') ? readdirSync(join(folder, name)).map((inner) => `${name}/${inner}`) : [name],
  );
}

/** @type {string[]} */
const complaints = [];
for (const entry of readdirSync(store)) {
  const modules = join(store, entry, 'node_modules');
  for (const name of packagesIn(modules)) {
    // Beside each package lie links to its dependencies, which have an entry of their own.
    if (!entry.startsWith(`${name.replace('/', '+')}@`)) continue;
    const path = join(modules, name, 'package.json');
    if (!existsSync(path)) continue;
    const manifest = /** @type {Manifest} */ (JSON.parse(readFileSync(path, 'utf8')));
    // pnpm leaves the versions of former installs lying about.
    if (manifest.os !== undefined || !lockfile.includes(`${name}@${manifest.version}`)) continue;
    const absent = Object.entries(manifest.optionalDependencies ?? {})
      .map(([dependency, range]) => `${dependency}@${/^\d/.test(range) ? range : ''}`)
      .filter((dependency) => platform.test(dependency) && !lockfile.includes(dependency));
    if (absent.length > 0) {
      complaints.push(
        `${manifest.name}@${manifest.version}: the lockfile lacks ${absent.join(', ')}. Pin a version whose binaries are all published.`,
      );
    }
  }
}
for (const line of lockfile.match(/^.*(?:https?:\/\/|tarball:).*$/gm) ?? []) {
  complaints.push(`The lockfile holds an address, which ties it to one registry: ${line.trim()}`);
}
for (const complaint of complaints) console.log(complaint);
if (complaints.length === 0) console.log('The lockfile is whole.');
process.exitCode = complaints.length === 0 ? 0 : 1;
