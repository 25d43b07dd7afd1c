import type { BucketRange } from '@clarity/flags-core/document';
import { type Holder, lengthOf, type Run } from './runs.ts';

/** An arm of so few runs gives up its last buckets, however small the runs are. */
const FEW_RUNS = 2;

/**
 * Takes its surplus from an arm's runs, which are in order. Who came last goes first: it gives up its last buckets
 * while it has few runs, or where its last runs are just the surplus. With more runs it gives up the smallest, so that
 * they do not add up over many changes.
 */
export function giveUpOfArm(runs: readonly Run[], arm: Holder): BucketRange[] {
  const lastFirst = runs.toReversed();
  const gives = runs.length <= FEW_RUNS || beginsWith(lastFirst, arm.surplus) ? lastFirst : lastFirst.toSorted(bySize);
  return gives.map((run) => {
    const { to } = run;
    run.to -= surplusIn(run);
    return [run.to, to];
  });
}

/** Takes its surplus from the gap's runs: from the start of the largest, so that the new range has room to grow. */
export function giveUpOfGap(runs: readonly Run[]): BucketRange[] {
  return runs
    .toSorted((one, other) => bySize(other, one))
    .map((run) => {
      const { from } = run;
      run.from += surplusIn(run);
      return [from, run.from];
    });
}

function surplusIn(run: Run): number {
  const size = Math.min(lengthOf(run), run.holder.surplus);
  run.holder.surplus -= size;
  return size;
}

function bySize(one: Run, other: Run): number {
  return lengthOf(one) - lengthOf(other);
}

/** Whether some of the runs, from the first on, are just so many buckets. */
function beginsWith(runs: readonly Run[], size: number): boolean {
  let sum = 0;
  return runs.some((run) => (sum += lengthOf(run)) === size);
}
