export interface Quantiles {
  readonly p50: number;
  readonly p99: number;
  readonly most: number;
}

/** Of durations in milliseconds, rounded to microseconds. */
export function quantilesOf(durations: readonly number[]): Quantiles {
  const sorted = durations.toSorted((a, b) => a - b);
  const at = (fraction: number): number => round(sorted[Math.ceil(sorted.length * fraction) - 1] ?? Number.NaN);
  return { p50: at(0.5), p99: at(0.99), most: at(1) };
}

export function round(number: number): number {
  return Math.round(number * 1000) / 1000;
}
