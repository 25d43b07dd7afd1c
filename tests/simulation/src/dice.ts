/** Chance that can be repeated. */
export interface Dice {
  /** From 0 (inclusive) to 1 (exclusive). */
  readonly next: () => number;
  between(least: number, most: number): number;
  /** From `least` to `most`, each order of magnitude as likely as the next. */
  magnitude(least: number, most: number): number;
  /** An integer, both ends included. */
  integer(least: number, most: number): number;
  chance(probability: number): boolean;
  pick<T>(list: readonly [T, ...T[]]): T;
  /** One of the values, by their weights. */
  weighed<T>(list: readonly (readonly [weight: number, value: T])[]): T;
}

/** Dice for one purpose: the same seed and purposes always roll the same. */
export function dice(seed: number, ...purposes: readonly (number | string)[]): Dice {
  let state = mix(seed >>> 0, Math.floor(seed / 2 ** 32) >>> 0);
  for (const purpose of purposes) {
    for (const part of typeof purpose === 'number'
      ? [purpose >>> 0]
      : Array.from(purpose, (char) => char.charCodeAt(0))) {
      state = mix(state, part);
    }
  }
  // mulberry32 (Tommy Ettinger, 2017, public domain).
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const pick = <T>(list: readonly [T, ...T[]]): T => list[Math.floor(next() * list.length)] ?? list[0];
  return {
    next,
    between: (least, most) => least + (most - least) * next(),
    magnitude: (least, most) => least * (most / least) ** next(),
    integer: (least, most) => least + Math.floor(next() * (most - least + 1)),
    chance: (probability) => next() < probability,
    pick,
    weighed(list) {
      let left = next() * list.reduce((sum, [weight]) => sum + weight, 0);
      for (const [weight, value] of list) {
        left -= weight;
        if (left < 0) return value;
      }
      const last = list.at(-1);
      if (last === undefined) throw new RangeError('nothing to choose from');
      return last[1];
    },
  };
}

/** The finalizer of murmur3 over both numbers. */
function mix(one: number, other: number): number {
  let h = Math.imul(one ^ 0x9e3779b9, 0x85ebca6b) ^ other;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
