/** The longest that `setTimeout` can wait, in milliseconds: with more it rings at once. */
export const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;
