/** Delay before the first attempt after a loss, and the longest, in milliseconds. */
const FIRST_BACKOFF_MS = 100;
const LONGEST_BACKOFF_MS = 10_000;

/** Doubles from failure to failure, and a random half of it is waived, so that clients do not come back together. */
export function backoffMs(failures: number): number {
  const delayMs = Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** Math.min(failures - 1, 20));
  return delayMs / 2 + (delayMs / 2) * Math.random();
}
