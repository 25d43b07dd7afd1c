/**
 * The longest that `setTimeout` can wait, 2^31-1 milliseconds or about 24.8 days: with more it rings at once. Durations
 * are bounded by it.
 */
export const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;
