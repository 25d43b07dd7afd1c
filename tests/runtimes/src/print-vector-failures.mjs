import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { vectorFailures } from './vector-failures.mjs';

const { resolve } = createRequire(import.meta.url);
const read = (name) => readFileSync(resolve(`@clarity/flags-core/vectors/${name}.json`), 'utf8');
const texts = { murmur3: read('murmur3'), evaluation: read('evaluation'), documents: read('documents') };
console.log(JSON.stringify(vectorFailures(texts)));
