// A packed package, read.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';

/**
 * @typedef {{
 *   name: string, version: string, license?: string, description?: string,
 *   repository?: { url?: string, directory?: string },
 *   exports?: Record<string, unknown>, bin?: Record<string, string>,
 *   publishConfig?: { access?: string, provenance?: boolean },
 *   dependencies?: Record<string, string>, peerDependencies?: Record<string, string>, engines?: Record<string, string>,
 * }} Manifest
 */

/**
 * Texts by path, from the package's root on.
 *
 * @typedef {{ manifest: Manifest, files: ReadonlyMap<string, string> }} Tarball
 */

/** @param {string} path a .tgz file @returns {Tarball} */
export function readTarball(path) {
  const folder = mkdtempSync(join(tmpdir(), 'clarity-tarball-'));
  try {
    execFileSync('tar', ['-xzf', path, '-C', folder]);
    const inside = join(folder, 'package');
    const files = new Map(
      readdirSync(inside, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        .map((file) => [relative(inside, file).split(sep).join('/'), readFileSync(file, 'utf8')]),
    );
    return { manifest: JSON.parse(files.get('package.json') ?? '{}'), files };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
