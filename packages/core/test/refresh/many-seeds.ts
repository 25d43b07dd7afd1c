import { runSeed, sized } from '../../../../scripts/drawn-tests.ts';
import { type Random, seededRandom } from '../document/random.ts';

/** At full size, for each one of `npm test`. */
const TIMES_MORE = 20;

/**
 * Runs a property for many seeds in a row, and at full size for twenty times as many. What it throws names the seed:
 * `SEED=... vitest run <file>` begins with it. Returns `times`.
 */
export function forManySeeds(times: number, property: (random: Random) => void): number {
  const first = runSeed();
  for (let seed = first; seed < first + times * sized(1, TIMES_MORE); seed++) {
    try {
      property(seededRandom(seed));
    } catch (error) {
      throw new Error(`SEED=${seed}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
    }
  }
  return times;
}
