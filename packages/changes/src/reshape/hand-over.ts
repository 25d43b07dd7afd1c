import type { BucketRange } from '@clarity/flags-core/document';
import { type Arm, type Deal, gapOf, merged, sizeOf } from './arms.ts';
import { giveUpOfArm, giveUpOfGap } from './give-up.ts';
import { Pool } from './pool.ts';
import type { Holder, Run } from './runs.ts';
import { takeNeighbours } from './take-neighbours.ts';

/**
 * Gives each arm as many buckets as `sizes` say, and the others to the gap. Who shrinks gives up no bucket more than it
 * must, and who grows keeps all it has: that is the least movement there can be. It is done with few ranges: arms take
 * from their neighbours before they begin new ranges.
 */
export function handOver(deal: Deal, sizes: readonly number[]): Arm[] {
  const gap = gapOf(deal);
  const arms = deal.arms.map(({ ranges }, index) => holderOf(sizeOf(ranges), sizes[index]!));
  const nobody = holderOf(sizeOf(gap), deal.of - sizes.reduce((sum, size) => sum + size, 0));
  // The gap takes nothing: it has what is left over.
  nobody.need = 0;

  const ofArms = deal.arms.flatMap(({ ranges }, index) => runsOf(ranges, arms[index]!));
  const inOrder = [...ofArms, ...runsOf(gap, nobody)].toSorted((one, other) => one.from - other.from);
  const held = new Map<Holder, Run[]>([...arms, nobody].map((holder) => [holder, []]));
  for (const run of takeNeighbours(inOrder)) held.get(run.holder)!.push(run);
  const given = [...arms.flatMap((arm) => giveUpOfArm(held.get(arm)!, arm)), ...giveUpOfGap(held.get(nobody)!)];
  const taken = shareOut(merged(given), arms);
  return deal.arms.map(({ variant }, index) => {
    const arm = arms[index]!;
    const kept = held.get(arm)!.map(({ from, to }): BucketRange => [from, to]);
    return { variant, ranges: merged([...kept, ...taken.get(arm)!]) };
  });
}

/** What each arm takes that still needs some: a piece of just its need where there is one, else the largest. */
function shareOut(given: readonly BucketRange[], arms: readonly Holder[]): Map<Holder, BucketRange[]> {
  const pool = new Pool(given);
  const taken = new Map<Holder, BucketRange[]>(arms.map((arm) => [arm, []]));
  const take = (arm: Holder, range: BucketRange | undefined): void => {
    if (range === undefined) return;
    arm.need -= range[1] - range[0];
    taken.get(arm)!.push(range);
  };
  const inNeed = arms.filter(({ need }) => need > 0).toSorted((one, other) => other.need - one.need);
  for (const arm of inNeed) take(arm, pool.takeExact(arm.need));
  for (const arm of inNeed) while (arm.need > 0) take(arm, pool.takeExact(arm.need) ?? pool.takeLargest(arm.need));
  return taken;
}

function holderOf(size: number, wanted: number): Holder {
  return { surplus: Math.max(0, size - wanted), need: Math.max(0, wanted - size) };
}

function runsOf(ranges: readonly BucketRange[], holder: Holder): Run[] {
  return ranges.map(([from, to]) => ({ from, to, holder }));
}
