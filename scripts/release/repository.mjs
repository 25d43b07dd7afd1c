// The address of the repository stands in one place, "repository" in the root's package.json. Run as a program, this
// hands it to every package, and to the alerts, which lead to the runbook in it.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { publishedFolders } from '../package-entries.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** @param {string} folder @returns {{ repository?: { type?: string, url?: string, directory?: string } }} */
const manifestIn = (folder) => JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));

/** The address, as npm wants it: `git+https://…`. */
export function repositoryUrl() {
  const url = manifestIn('.').repository?.url;
  if (url === undefined)
    throw new Error('the root\'s package.json lacks "repository": { "type": "git", "url": "git+https://…" }');
  return url;
}

/** Whether it has yet to be set: nobody can own a name under .invalid. @param {string} url */
export const isPlaceholder = (url) => new URL(url.replace(/^git\+/, '')).hostname.endsWith('.invalid');

/** The file that leads to the runbook, and what it has to say. */
export const runbook = {
  path: join(root, 'packages/http/src/alerts/runbook.ts'),
  /** @param {string} url */
  line: (url) =>
    `const OWN = '${url.replace(/^git\+/, '').replace(/\.git$/, '')}/blob/main/docs/operations/alerts.md';`,
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const url = repositoryUrl();
  for (const folder of publishedFolders()) {
    const manifest = manifestIn(folder);
    manifest.repository = { type: 'git', url, directory: folder };
    writeFileSync(join(root, folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  }
  const text = readFileSync(runbook.path, 'utf8');
  writeFileSync(runbook.path, text.replace(/^const OWN = .*$/m, runbook.line(url)));
}
