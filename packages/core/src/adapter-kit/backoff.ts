export interface Backoff {
  /** Before the first attempt after a loss, in milliseconds. */
  readonly firstMs: number;
  /** The longest delay, in milliseconds. */
  readonly longestMs: number;
}

/**
 * How long to wait before the next attempt, in milliseconds, after so many failures in a row (from 1). Doubles from
 * failure to failure, and a random half of it is waived, so that clients do not come back together.
 */
export function backoffMs(failures: number, { firstMs, longestMs }: Backoff): number {
  const delayMs = Math.min(longestMs, firstMs * 2 ** Math.min(failures - 1, 20));
  return delayMs / 2 + (delayMs / 2) * Math.random();
}
