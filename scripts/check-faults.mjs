// Fails when docs/faults.md and the tests that are named after faults differ. With `--write` it brings the page's last
// column up to date.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { faultPageProblems, faultRows, withTests } from './faults/fault-page.mjs';
import { namedFaults, namesTests } from './faults/named-faults.mjs';
import { filesUnder } from './files.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const path = join(root, 'docs/faults.md');

/** @type {Map<string, string[]>} */
const tests = new Map();
for (const file of filesUnder(root).filter(namesTests)) {
  for (const id of namedFaults(file, readFileSync(join(root, file), 'utf8'))) {
    tests.set(id, [...(tests.get(id) ?? []), file]);
  }
}

let page = readFileSync(path, 'utf8');
const written = withTests(page, tests);
const problems = faultPageProblems(page, tests);
if (written !== page && process.argv.includes('--write')) {
  writeFileSync(path, written);
  page = written;
}
if (written !== page) problems.push('docs/faults.md does not name the tests as they are: run npm run format.');
console.log(
  problems.length > 0
    ? problems.join('\n')
    : `${faultRows(page).length} faults; ${tests.size} have tests, in the files that docs/faults.md names.`,
);
process.exitCode = problems.length === 0 ? 0 : 1;
