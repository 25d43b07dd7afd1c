/** Who has buckets, an arm or nobody, and how many too many or too few. */
export interface Holder {
  surplus: number;
  need: number;
}

/** Buckets of one holder that lie together: from the first up to, and without, `to`. */
export interface Run {
  from: number;
  to: number;
  readonly holder: Holder;
}

export function lengthOf({ from, to }: Run): number {
  return to - from;
}

/** Adds a run to those before it, as one with the last of them where both have the same holder. */
export function addRun(runs: Run[], run: Run): void {
  const last = runs.at(-1);
  if (last?.holder === run.holder && last.to === run.from) last.to = run.to;
  else if (run.from < run.to) runs.push(run);
}
