// Fails when a document names a path of this repository that is not there (any more).
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { filesUnder } from './files.mjs';
import { mentionedPaths } from './paths/mentioned.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const files = filesUnder(root);
// These two describe our own sources only, so there a short path can be nobody else's.
const describeTheHouse = ['ARCHITECTURE.md', 'CONTRIBUTING.md'];
const documents = files.filter(
  (file) =>
    [...describeTheHouse, 'README.md'].includes(file) ||
    /^docs\/.*\.md$/.test(file) ||
    /^(packages|examples)\/[^/]+\/README\.md$/.test(file),
);

/** @param {import('./paths/mentioned.mjs').Mention} mention @param {string} document */
function isThere({ path, from }, document) {
  switch (from) {
    case 'root':
      return existsSync(join(root, path)) || existsSync(join(root, dirname(document), path));
    case 'document':
      return existsSync(join(root, dirname(document), path));
    case 'anywhere':
      return files.some((file) => file === path || file.endsWith(`/${path}`));
  }
}

let checked = 0;
let gone = 0;
for (const document of documents) {
  const loose = describeTheHouse.includes(document);
  for (const mention of mentionedPaths(readFileSync(join(root, document), 'utf8'), { loose })) {
    checked++;
    if (isThere(mention, document)) continue;
    gone++;
    console.log(
      `${document}:${mention.line} names ${mention.path}, which does not exist: mend the path or the sentence.`,
    );
  }
}
console.log(
  gone === 0 ? `${checked} paths in ${documents.length} documents exist.` : `${gone} documented paths are gone.`,
);
process.exitCode = gone === 0 ? 0 : 1;
