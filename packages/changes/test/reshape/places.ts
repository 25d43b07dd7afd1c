// Counts what `reshape` and `movement` compute by another way: bucket by bucket, and user by user.
import type { RangedSplit } from '@clarity/flags-core/document';
import { bucket } from '@clarity/flags-core/evaluation';

/** By bucket, whose it is; undefined for the gap. */
export function ownersOf({ of = 100_000, variants }: RangedSplit): (string | undefined)[] {
  const owners = Array.from<string | undefined>({ length: of });
  for (const { variant, ranges } of variants) for (const [from, to] of ranges) owners.fill(variant, from, to);
  return owners;
}

/** Per cent of drawn users that have another place, and that went from one arm to another. */
export function countUsers(before: RangedSplit, after: RangedSplit, salt: string, users: number) {
  const [was, is] = [ownersOf(before), ownersOf(after)];
  let [moved, changedArm] = [0, 0];
  for (let user = 0; user < users; user++) {
    const at = bucket(salt, `user-${user}`);
    if (was[at] === is[at]) continue;
    moved++;
    if (was[at] !== undefined && is[at] !== undefined) changedArm++;
  }
  return { moved: (moved * 100) / users, changedArm: (changedArm * 100) / users };
}

/** Buckets by variant. */
export function sizesOf({ variants }: RangedSplit): Record<string, number> {
  return Object.fromEntries(
    variants.map(({ variant, ranges }) => [variant, ranges.reduce((size, [from, to]) => size + to - from, 0)]),
  );
}

/** Per cent of units that must move from one share (per cent by place) to another: what each place loses. */
export function leastOf(before: Readonly<Record<string, number>>, after: Readonly<Record<string, number>>): number {
  const withGap = (shares: Readonly<Record<string, number>>): Map<string | undefined, number> => {
    const sum = Object.values(shares).reduce((total, share) => total + share, 0);
    return new Map<string | undefined, number>([...Object.entries(shares), [undefined, 100 - sum]]);
  };
  const next = withGap(after);
  return [...withGap(before)].reduce((sum, [place, share]) => sum + Math.max(0, share - (next.get(place) ?? 0)), 0);
}
