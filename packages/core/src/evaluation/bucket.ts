import { BUCKETS } from '../document/bucket-count.ts';
import { must } from '../document/must.ts';
import { continueMurmur3, type Murmur3State, murmur3State } from './murmur3.ts';

/** The hash of a salt and the slash after it, from which each unit's bucket is continued. */
export function saltState(salt: string): Murmur3State {
  return murmur3State(`${salt}/`);
}

const HASHES = 0x1_0000_0000;

/**
 * The bucket of a unit, from 0: multiply-high of the hash, so that no bucket is larger than another by more than one
 * hash.
 */
export function bucketOf(state: Murmur3State, unit: string, buckets = BUCKETS): number {
  return (((continueMurmur3(state, unit) >>> 0) * buckets) / HASHES) | 0;
}

/** Hashes below this, and no others, are in the buckets below `limit`. */
export function hashLimit(limit: number, buckets = BUCKETS): number {
  return Math.ceil((limit * HASHES) / buckets);
}

/** The bucket of `unit` under `salt`, of 100,000 or as many as are given: from 0. */
export function bucket(salt: string, unit: string, buckets?: number): number {
  return bucketOf(saltState(salt), unit, buckets);
}

/** Units in buckets below this have the variant. `percentage` is 0 to 100. */
export function threshold(percentage: number): number {
  return Math.round(percentage * 1000);
}

/** Where the buckets of each weight end. They begin where those of the weight before end. Throws without any weight. */
export function limitsOf(weights: readonly number[]): number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  must(total > 0);
  let sum = 0;
  return weights.map((weight) => Math.round(((sum += weight) * BUCKETS) / total));
}
