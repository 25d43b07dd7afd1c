/** The observations up to a bound, all smaller ones included. */
export interface CumulatedBucket {
  /** Upper bound, infinity for the last one. */
  readonly bound: number;
  readonly count: number;
}

/** How `quantile` arrives at its figure, for those who read the figure. */
export const QUANTILE_ESTIMATION =
  'estimated as histogram_quantile of Prometheus does, by linear interpolation within the bucket that holds the quantile; ' +
  'over everything since the process started; beyond the last bound that bound is given';

/**
 * The value that a fraction `q` (0 to 1) of the observations does not exceed, estimated from buckets in rising order.
 * Undefined without observations.
 */
export function quantile(q: number, buckets: readonly CumulatedBucket[]): number | undefined {
  const total = buckets.at(-1)?.count ?? 0;
  if (total === 0) return undefined;
  const rank = q * total;
  let lower: CumulatedBucket = { bound: 0, count: 0 };
  for (const bucket of buckets) {
    if (bucket.count >= rank && bucket.count > lower.count) {
      if (bucket.bound === Number.POSITIVE_INFINITY) return lower.bound;
      const within = (rank - lower.count) / (bucket.count - lower.count);
      return lower.bound + (bucket.bound - lower.bound) * within;
    }
    lower = bucket;
  }
  return lower.bound;
}
