// Fails when an import goes against the plan of the house (scripts/arrows/house.mjs), and says what to do instead.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { importsOf } from './arrows/imports.mjs';
import { forbidden } from './arrows/judge.mjs';
import { filesUnder } from './files.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const files = ['packages', 'tests', 'examples', 'bench']
  .flatMap((folder) => filesUnder(root, folder))
  .filter((file) => /\.(ts|tsx|mts|mjs|js)$/.test(file));

let wrong = 0;
for (const file of files) {
  for (const imported of importsOf(file, readFileSync(new URL(`../${file}`, import.meta.url), 'utf8'))) {
    const reason = forbidden(file, imported);
    if (reason === undefined) continue;
    wrong++;
    console.log(`${file}:${imported.line} imports "${imported.specifier}": ${reason}`);
  }
}
console.log(wrong === 0 ? `${files.length} files keep to the arrows.` : `${wrong} imports go against the arrows.`);
process.exitCode = wrong === 0 ? 0 : 1;
