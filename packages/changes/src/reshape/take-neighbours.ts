import { addRun, lengthOf, type Run } from './runs.ts';

/**
 * Lets holders in need take what lies beside their own runs from those who have a surplus. No run is cut in two by it,
 * so that there are never more runs than before. `runs` are all buckets in order; the result is, too.
 */
export function takeNeighbours(runs: readonly Run[]): Run[] {
  const left = takeWholeRuns(runs);
  // Growing at the end comes first: a later shrinking gives back from there.
  for (const [index, giver] of left.entries()) if (index > 0) takePart(left[index - 1]!, giver, 'start');
  for (const [index, taker] of left.entries()) if (index > 0) takePart(taker, left[index - 1]!, 'end');
  return joined(left);
}

/** Whole runs first: each that goes over makes two or three into one. */
function takeWholeRuns(runs: readonly Run[]): Run[] {
  const done: Run[] = [];
  for (const run of runs) {
    const before = done.at(-1);
    if (before !== undefined && canTakeWhole(before, run)) {
      takePart(before, run, 'start');
      continue;
    }
    for (let giver = before; giver !== undefined && canTakeWhole(run, giver); giver = done.at(-1)) {
      takePart(run, giver, 'end');
      done.pop();
    }
    addRun(done, run);
  }
  return done;
}

function canTakeWhole(taker: Run, giver: Run): boolean {
  return takeable(taker, giver) === lengthOf(giver);
}

function takePart(taker: Run, giver: Run, from: 'start' | 'end'): void {
  const size = takeable(taker, giver);
  taker.holder.need -= size;
  giver.holder.surplus -= size;
  if (from === 'start') taker.to = giver.from += size;
  else taker.from = giver.to -= size;
}

function takeable(taker: Run, giver: Run): number {
  return Math.min(taker.holder.need, giver.holder.surplus, lengthOf(giver));
}

function joined(runs: readonly Run[]): Run[] {
  const done: Run[] = [];
  for (const run of runs) addRun(done, run);
  return done;
}
