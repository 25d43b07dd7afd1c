// npm run fuzz -- --seed 1 --pairs 1000000
import { parseArgs } from 'node:util';
import { runSeed } from '../../../../scripts/drawn-tests.ts';
import { fuzz, fuzzWork } from './fuzz.ts';

/** A progress line after so many pairs. */
const CHUNK = 100_000;

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(runSeed('full')) },
    pairs: { type: 'string', default: '1000000' },
  },
});
const [seed, pairs] = (['seed', 'pairs'] as const).map((name) => {
  const number = Number(values[name]);
  if (Number.isSafeInteger(number) && number >= 0 && values[name].trim() !== '') return number;
  console.error(`--${name}: found ${JSON.stringify(values[name])}; allowed is a whole number from 0`);
  process.exit(2);
}) as [number, number];

console.log(`asking ${pairs} pairs of a random document and a random context, from seed ${seed}`);
let refused = 0;
for (let done = 0; done < pairs; done += CHUNK) {
  refused += fuzz(seed + done, Math.min(CHUNK, pairs - done)).refused;
  console.log(`  ${Math.min(pairs, done + CHUNK)} pairs, ${refused} of them of documents that server and edge refuse`);
}
// One for each 20,000 pairs: each is as large as documents and contexts can be.
const large = Math.ceil(pairs / 20_000);
fuzzWork(seed, large);
console.log(`  ${large} documents and contexts that multiply each other's cost: none above the bound`);
console.log('evaluation never threw, never contradicted itself, and server and edge gave one answer');
