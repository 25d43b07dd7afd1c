// A copy of the built packages as the next release has them: its versions, its changelogs, and nothing else of the
// repository.
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runIn } from './run-in.mjs';
import { writeSboms } from './sbom.mjs';

const here = fileURLToPath(new URL('../..', import.meta.url));
const left = /[\\/](node_modules|\.turbo|test|coverage)([\\/]|$)/;

/**
 * Makes it in a folder of its own, for the caller to remove, and resolves to that folder. The packages must be built.
 *
 * @param {string} [root] the repository
 */
export async function stageRelease(root = here) {
  const stage = mkdtempSync(join(tmpdir(), 'clarity-release-'));
  for (const part of ['package.json', 'LICENSE', '.changeset', 'packages']) {
    cpSync(join(root, part), join(stage, part), {
      recursive: true,
      filter: (source) => !left.test(source.slice(root.length)),
    });
  }
  writeFileSync(join(stage, 'pnpm-workspace.yaml'), 'packages:\n  - packages/*\npmOnFail: ignore\n');
  // Once the versions are raised nothing waits any more, and changesets would take that for a mistake.
  const waits = readdirSync(join(stage, '.changeset')).some((file) => file.endsWith('.md') && file !== 'README.md');
  if (waits) await raiseVersions(stage);
  leavePrivateOut(stage);
  // With the versions that are published.
  writeSboms(stage, root);
  return stage;
}

/** @param {string} stage */
async function raiseVersions(stage) {
  // changesets asks git since when a change is known.
  const git = ['-c', 'user.name=release', '-c', 'user.email=release@example.invalid', '-c', 'commit.gpgsign=false'];
  for (const args of [
    ['init', '--quiet', '--initial-branch=main'],
    ['add', '--all'],
    [...git, 'commit', '--quiet', '--message', 'Release'],
  ])
    await runIn(stage, 'git', args);
  await runIn(stage, join(here, 'node_modules', '.bin', 'changeset'), ['version']);
}

/**
 * Private packages are inside those that use them already, which name them for this workspace alone.
 *
 * @param {string} stage
 */
function leavePrivateOut(stage) {
  const packages = readdirSync(join(stage, 'packages'))
    .map((name) => join(stage, 'packages', name))
    .filter((folder) => existsSync(join(folder, 'package.json')))
    .map((folder) => {
      const path = join(folder, 'package.json');
      return { folder, path, manifest: JSON.parse(readFileSync(path, 'utf8')) };
    });
  const hidden = packages.filter(({ manifest }) => manifest.private === true);
  for (const { folder } of hidden) rmSync(folder, { recursive: true });
  const users = packages.filter(({ manifest }) =>
    hidden.some(({ manifest: { name } }) => Object.hasOwn(manifest.devDependencies ?? {}, name)),
  );
  for (const { path, manifest } of users.filter((one) => !hidden.includes(one))) {
    for (const {
      manifest: { name },
    } of hidden)
      delete manifest.devDependencies[name];
    writeFileSync(path, `${JSON.stringify(manifest, null, 2)}\n`);
  }
}
