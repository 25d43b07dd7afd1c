/** `ms` spread by `jitter` both ways: from `ms * (1 - jitter)` to `ms * (1 + jitter)`. */
export function jittered(ms: number, jitter: number, random: number): number {
  return ms * (1 + jitter * (2 * random - 1));
}

/** Waits out `ms` and up to a tenth more, so that clients that were refused together do not come back together. */
export function atLeast(ms: number, random: number): number {
  return ms * (1 + 0.1 * random);
}

/**
 * Delay before the attempt after `failures` failures in a row (1 or more): `first * 2^(failures-1)`, never above `longest`,
 * of which a random half is waived ("equal jitter": Brooker, Exponential Backoff And Jitter, 2015).
 */
export function backoffMs(failures: number, first: number, longest: number, random: number): number {
  const delay = Math.min(longest, first * 2 ** Math.min(failures - 1, 30));
  return delay / 2 + (delay / 2) * random;
}
