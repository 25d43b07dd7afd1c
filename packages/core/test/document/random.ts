/** A small seeded generator (mulberry32), so that a failure can be run again by its seed. */
export interface Random {
  readonly seed: number;
  /** 0 (inclusive) to 1 (exclusive). */
  next(): number;
  /** 0 to `below` - 1. */
  integer(below: number): number;
  chance(probability: number): boolean;
  pick<T>(from: readonly T[]): T;
  /** Zero to `most` results of `make`. */
  several<T>(most: number, make: () => T): T[];
}

export function seededRandom(seed: number): Random {
  let state = seed | 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
  const integer = (below: number): number => Math.floor(next() * below);
  return {
    seed,
    next,
    integer,
    chance: (probability) => next() < probability,
    pick: (from) => from[integer(from.length)]!,
    several: (most, make) => Array.from({ length: integer(most + 1) }, make),
  };
}
