// How much tests that draw their input draw, and from which seed. `npm test` draws the same few each time, so that one
// commit gives one answer; `npm run test:all` and `npm run drill` draw many that nobody has seen.

type Size = 'small' | 'full';

/** Of no meaning, and always the same. */
const FIXED_SEED = 1_234_567;

/** `TEST_SIZE` of the environment: `small` unless it says `full`. */
export const testSize: Size = sizeNamed(process.env['TEST_SIZE'] ?? 'small');

/**
 * One of two numbers, such as the rounds of a test or its time limit in milliseconds: how many in `npm test`, and how
 * many in a run at full size.
 */
export function sized(small: number, full: number): number {
  return testSize === 'full' ? full : small;
}

/**
 * `SEED` of the environment, a whole number from 0. Without it a run of small size has always the same, and one of full
 * size a new one.
 */
export function runSeed(size: Size = testSize): number {
  const given = process.env['SEED'];
  if (given === undefined) return size === 'small' ? FIXED_SEED : Math.floor(Math.random() * 2 ** 31);
  const seed = Number(given);
  if (given.trim() !== '' && Number.isSafeInteger(seed) && seed >= 0) return seed;
  throw new Error(`SEED is ${JSON.stringify(given)}; allowed is a whole number from 0`);
}

function sizeNamed(name: string): Size {
  if (name === 'small' || name === 'full') return name;
  throw new Error(`TEST_SIZE is ${JSON.stringify(name)}; allowed is small or full`);
}
