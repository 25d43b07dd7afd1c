/** How many buckets there are where nothing else is said: a percentage has three decimals. */
export const BUCKETS = 100_000;
/** The most that there may be: their product with a hash of 32 bits is exact. */
export const MAX_BUCKETS = 1_000_000;
