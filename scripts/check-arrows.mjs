// Fails when an import goes against the plan of the house (scripts/arrows/house.mjs), or files import each other in a
// circle, types counted, and says what to do instead.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { circles, targetOf, unexpected } from './arrows/circles.mjs';
import { knownCircles } from './arrows/house.mjs';
import { importsOf } from './arrows/imports.mjs';
import { forbidden } from './arrows/judge.mjs';
import { filesUnder } from './files.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const files = ['packages', 'tests', 'examples', 'bench']
  .flatMap((folder) => filesUnder(root, folder))
  .filter((file) => /\.(ts|tsx|mts|mjs|js)$/.test(file));

let wrong = 0;
/** @type {Map<string, string[]>} */
const imports = new Map();
for (const file of files) {
  const found = importsOf(file, readFileSync(new URL(`../${file}`, import.meta.url), 'utf8'));
  imports.set(
    file,
    found.flatMap(({ specifier }) => targetOf(file, specifier) ?? []),
  );
  for (const imported of found) {
    const reason = forbidden(file, imported);
    if (reason === undefined) continue;
    wrong++;
    console.log(`${file}:${imported.line} imports "${imported.specifier}": ${reason}`);
  }
}
for (const sentence of unexpected(circles(imports), knownCircles)) {
  wrong++;
  console.log(sentence);
}
console.log(
  wrong === 0 ? `${files.length} files keep to the arrows.` : `${wrong} imports and circles go against the arrows.`,
);
process.exitCode = wrong === 0 ? 0 : 1;
