import type { BucketRange, Holdout, Layer, RangedSplit, Serve } from '../../src/document/types.ts';
import type { Random } from './random.ts';
import { ATTRIBUTES, INSTANTS, TEXTS } from './random-words.ts';

/** The tables that experiments refer to. */
export interface Experiments {
  readonly layers: Readonly<Record<string, Layer>>;
  readonly holdouts: Readonly<Record<string, Holdout>>;
}

/** The attribute that holds the unit, or several, and now and then a hash. */
export function randomUnit(random: Random): Pick<Holdout, 'by' | 'hash'> {
  return {
    ...(random.chance(0.4) && { by: randomBy(random) }),
    ...(random.chance(0.1) && { hash: 'murmur3' as const }),
  };
}

function randomBy(random: Random): string | string[] {
  if (random.chance(0.5)) return random.pick(ATTRIBUTES);
  const names = new Set([random.pick(ATTRIBUTES), ...random.several(7, () => random.pick(ATTRIBUTES))]);
  return [...names];
}

/** How many buckets there are, as a member and as a number. */
export function randomBuckets(random: Random): { readonly of: { of?: number }; readonly buckets: number } {
  const of = random.pick([undefined, undefined, 1, 7, 10_000, 1_000_000]);
  return { of: of === undefined ? {} : { of }, buckets: of ?? 100_000 };
}

/** Ranges that share no bucket, dealt to `hands` at random; some buckets stay with nobody. */
function randomRanges(random: Random, buckets: number, hands: number): BucketRange[][] {
  const cuts = new Set(random.several(7, () => random.integer(buckets + 1)));
  const ends = [...cuts, random.chance(0.5) ? 0 : buckets].toSorted((one, other) => one - other);
  const dealt: BucketRange[][] = Array.from({ length: hands }, () => []);
  for (const [index, from] of ends.entries()) {
    const to = ends[index + 1];
    if (to !== undefined && to > from && random.chance(0.8)) random.pick(dealt).push([from, to]);
  }
  return dealt;
}

/** Layers with slots, and holdouts. */
export function randomExperiments(random: Random): Experiments {
  const layers: [string, Layer][] = [];
  for (const name of ['checkout', '__proto__'].slice(0, random.integer(3))) {
    const { of, buckets } = randomBuckets(random);
    const ids = ['one-page', 'constructor', '__proto__'].slice(0, 1 + random.integer(3));
    const ranges = randomRanges(random, buckets, ids.length);
    const layer: Layer = {
      ...(random.chance(0.3) && { description: 'why' }),
      ...randomUnit(random),
      ...(random.chance(0.3) && { salt: `layer ${name}` }),
      ...of,
      slots: Object.fromEntries(ids.map((id, index) => [id, ranges[index]!])),
    };
    layers.push([name, layer]);
  }
  const holdouts = ['all', 'toString'].slice(0, random.integer(3)).map((name): [string, Holdout] => [
    name,
    {
      ...(random.chance(0.3) && { description: 'why' }),
      ...randomUnit(random),
      ...(random.chance(0.3) && { salt: `holdout ${name}` }),
      percentage: random.pick([0, 0.001, 5, 33.3, 100]),
    },
  ]);
  return { layers: Object.fromEntries(layers), holdouts: Object.fromEntries(holdouts) };
}

/** How a flag deals. `flagSalt` is the flag's own; gaps go on in a rule, and nowhere else. */
export function randomServe(
  random: Random,
  variants: readonly string[],
  { experiments, flagSalt, inRule }: { experiments: Experiments; flagSalt: string; inRule: boolean },
): Serve {
  const variant = (): string => random.pick(variants);
  const dealing = { ...randomUnit(random), ...(random.chance(0.2) && { salt: random.pick(TEXTS) }) };
  switch (random.pick(['variant', 'variant', 'null', 'split', 'ranges', 'ranges', 'ramp'] as const)) {
    case 'variant':
      return variant();
    case 'null':
      return null;
    case 'split':
      return {
        kind: 'split',
        ...dealing,
        variants: [
          { variant: variant(), weight: 1 + random.integer(99) },
          ...random.several(3, () => ({ variant: variant(), weight: random.integer(100) / 3 })),
        ],
      };
    case 'ranges': {
      const { of, buckets } = randomBuckets(random);
      const ranges = randomRanges(random, buckets, 1 + random.integer(3));
      const split: RangedSplit = {
        kind: 'split',
        ...dealing,
        ...of,
        variants: ranges.map((one) => ({ variant: variant(), ranges: one })),
        ...(inRule && random.chance(0.5)
          ? { gaps: 'continue' as const }
          : { otherwise: random.chance(0.3) ? null : variant() }),
      };
      return random.chance(0.5) ? split : inExperiment(random, split, flagSalt, experiments);
    }
    case 'ramp': {
      const points = INSTANTS.slice(0, 1 + random.integer(INSTANTS.length)).map((at, index) => ({
        at,
        percentage: index * 30,
      }));
      const pauses = random.pick([[], [{ from: INSTANTS[0], until: INSTANTS[1] }], [{ from: INSTANTS[1] }]]);
      return {
        kind: 'ramp',
        ...dealing,
        variant: variant(),
        otherwise: random.chance(0.3) ? null : variant(),
        curve: random.pick(['steps', 'linear'] as const),
        points,
        ...(random.chance(0.5) && { pauses }),
      };
    }
  }
}

/** The split as arms of an experiment, which may be in a layer and have a holdout. */
function inExperiment(
  random: Random,
  split: RangedSplit,
  flagSalt: string,
  { layers, holdouts }: Experiments,
): RangedSplit {
  const { by: _, ...anyUnit } = split;
  const phase = 1 + random.integer(5);
  const layer = random.chance(0.7) ? random.pick([undefined, ...Object.keys(layers)]) : undefined;
  const holdout = random.chance(0.7) ? random.pick([undefined, ...Object.keys(holdouts)]) : undefined;
  const salts = [layer && (layers[layer]!.salt ?? layer), holdout && (holdouts[holdout]!.salt ?? holdout)];
  return {
    ...(layer === undefined
      ? split
      : { ...anyUnit, ...(layers[layer]!.by !== undefined && { by: layers[layer]!.by }) }),
    ...(salts.includes(split.salt ?? flagSalt) && { salt: 'arms' }),
    experiment: { id: layer === undefined ? 'alone' : random.pick(Object.keys(layers[layer]!.slots)), phase },
    ...(layer !== undefined && { layer }),
    ...(holdout !== undefined && { holdout }),
  };
}
