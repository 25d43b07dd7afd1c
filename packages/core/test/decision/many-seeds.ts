import { type Random, runSeed, seededRandom } from '../document/random.ts';

/** Runs a property for many seeds in a row. What it throws names the seed: `SEED=... vitest run <file>` begins with it. Returns how many it ran. */
export function forManySeeds(times: number, property: (random: Random) => void): number {
  const first = runSeed();
  for (let seed = first; seed < first + times; seed++) {
    try {
      property(seededRandom(seed));
    } catch (error) {
      throw new Error(`SEED=${seed}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
    }
  }
  return times;
}
