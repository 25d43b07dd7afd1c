// Fails when a package steps out of Effect anywhere but in the one file where plain code meets effects, and says where.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { unsafeEffects } from './boundary/unsafe-effects.mjs';
import { filesUnder } from './files.mjs';

/** Where plain code meets effects. */
const BOUNDARY = 'packages/core/src/drivers/background/boundary.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const files = filesUnder(root, 'packages').filter((file) => /^packages\/[\w-]+\/src\/.*\.tsx?$/.test(file));
if (!files.includes(BOUNDARY)) throw new Error(`${BOUNDARY} is gone: name the file where plain code meets effects`);

let outside = 0;
for (const file of files) {
  if (file === BOUNDARY) continue;
  for (const { line, name } of unsafeEffects(file, readFileSync(join(root, file), 'utf8'))) {
    outside++;
    console.log(
      `${file}:${line} steps out of Effect by ${name}; only ${BOUNDARY} may. Compose effects instead, or use or add a function of that file.`,
    );
  }
}
console.log(
  outside === 0
    ? `${files.length} files step out of Effect nowhere but in ${BOUNDARY}.`
    : `${outside} steps out of Effect are outside of its boundary.`,
);
process.exitCode = outside === 0 ? 0 : 1;
