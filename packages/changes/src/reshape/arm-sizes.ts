/**
 * How many of `total` buckets each arm has, shared by weights, of which at least one is above 0. An arm has its exact
 * share, rounded down or up, whichever keeps the size it has. Where `total` alone changes, single buckets matter less
 * than that nobody changes arm: no arm becomes smaller while it grows, and none larger while it shrinks.
 */
export function armSizes(present: readonly number[], weights: readonly number[], total: number): number[] {
  // In relation to the greatest, so that no sum of weights is beyond all numbers.
  const greatest = weights.reduce((most, weight) => Math.max(most, weight), 0);
  const shares = weights.map((weight) => weight / greatest);
  const perShare = 1 / sumOf(shares);
  const growth = totalGrowth(
    present,
    shares.map((share) => share * perShare),
    total,
  );
  const arms = shares.map((share, index) => sizing(present[index]!, share * perShare * total, growth));
  settle(arms, total, growth !== 0);
  return arms.map(({ size }) => size);
}

interface Sizing {
  readonly present: number;
  /** The share in buckets, with fractions, and rounded down and up. */
  readonly exact: number;
  readonly least: number;
  readonly most: number;
  size: number;
}

/** Shares are of at most 1,000,000 buckets: what is nearer to a whole number was one before it was divided. */
const ROUNDING = 1e-6;

/** Arms that are so few buckets beside their exact shares have them in the wanted relation. */
const NEAR = 2;

/** 1 where the total alone grows, -1 where it alone shrinks, 0 where the arms' relation changes or nothing does. */
function totalGrowth(present: readonly number[], relation: readonly number[], total: number): number {
  const before = sumOf(present);
  const isSame = relation.every((share, index) => {
    const has = present[index]!;
    return Math.abs(share * before - has) < NEAR && (share > 0 || has === 0);
  });
  return isSame ? Math.sign(total - before) : 0;
}

function sizing(present: number, exact: number, growth: number): Sizing {
  const [least, most] = [Math.floor(exact + ROUNDING), Math.ceil(Math.max(0, exact - ROUNDING))];
  const nearest = Math.min(Math.max(present, least), most);
  const size = growth > 0 ? Math.max(present, nearest) : growth < 0 ? Math.min(present, nearest) : nearest;
  return { present, exact, least, most, size };
}

/**
 * Gives or takes single buckets, where they are missed or to spare most, until the sizes sum to `total`. With
 * `backFirst`, arms that the rounding has moved away from their present size go back to it before others move.
 */
function settle(arms: readonly Sizing[], total: number, backFirst: boolean): void {
  for (;;) {
    const missing = total - sumOf(arms.map(({ size }) => size));
    if (missing === 0) return;
    const step = Math.sign(missing);
    const lack = ({ exact, size }: Sizing): number => step * (exact - size);
    const back = backFirst ? arms.filter(({ present, size }) => step * (present - size) > 0) : [];
    const able = back.length > 0 ? back : arms.filter((arm) => isWithin(arm, arm.size + step));
    const order = able.toSorted((one, other) => lack(other) - lack(one));
    for (const arm of order.slice(0, Math.abs(missing))) arm.size += step;
  }
}

function isWithin({ least, most }: Sizing, size: number): boolean {
  return size >= least && size <= most;
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}
