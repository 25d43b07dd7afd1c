// The files of this repository as the checks see them: sources and documents, nothing installed or built.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const left = new Set(['node_modules', 'dist', 'coverage', '.git', '.turbo', '.next']);

/**
 * Every file under a folder of the repository, as paths with forward slashes relative to `root`, sorted.
 *
 * @param {string} root
 * @param {string} [folder]
 * @returns {string[]}
 */
export function filesUnder(root, folder = '') {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { withFileTypes: true })
    .flatMap((entry) => {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) return left.has(entry.name) ? [] : filesUnder(root, path);
      return [path];
    })
    .toSorted();
}
