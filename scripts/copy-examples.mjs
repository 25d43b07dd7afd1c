// Puts the examples into dist of the package that it is run in: `clarity-flags init --example` copies them from there.
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { filesUnder } from './files.mjs';

const examples = fileURLToPath(new URL('../examples', import.meta.url));

for (const file of filesUnder(examples)) cpSync(join(examples, file), join('dist/examples', file));
