import type { RangedSplit, Split } from '@clarity/flags-core/document';
import { armSizes } from './arm-sizes.ts';
import { type Arm, type Deal, dealOf, isRanged, sizeOf } from './arms.ts';
import { handOver } from './hand-over.ts';
import { shown } from './shown.ts';

/** What a split shall become. */
export interface WantedShape {
  /**
   * How the arms relate to each other, by variant: finite numbers from 0, of any sum. A variant without one leaves, a
   * new name is a new arm after the others, and an arm of weight 0 stays without buckets. Default: the present sizes.
   */
  readonly weights?: Readonly<Record<string, number>>;
  /** Per cent of all buckets that the arms have together, 0 to 100, rounded to buckets. Default: as it is now. */
  readonly coverage?: number;
}

export interface ReshapeOptions {
  /**
   * What units in no range are served; null is the caller's fallback. Must be given for a split by weights, which has
   * none, and for no other.
   */
  readonly otherwise?: string | null;
}

/**
 * A split of the wanted shape, in which as few units as possible have another arm than before. Nobody changes arm while
 * coverage alone grows or shrinks, or when weights become the ranges that evaluation cuts them into. All else stays as
 * it is in `split`. To grow step by step give the weights each time: present sizes are rounded to buckets.
 *
 * Throws a TypeError or a RangeError when the shape cannot be, or `split` is one that no decoder lets through.
 */
export function reshape(split: Split, wanted: WantedShape, options: ReshapeOptions = {}): RangedSplit {
  const around = withoutArms(split, options);
  const weights = wanted.weights === undefined ? undefined : checkedWeights(wanted.weights);
  const deal = withNewArms(dealOf(split), weights);
  const present = deal.arms.map(({ ranges }) => sizeOf(ranges));
  const total = totalOf(wanted.coverage, deal.of) ?? present.reduce((sum, size) => sum + size, 0);
  const relation = weights === undefined ? present : deal.arms.map(({ variant }) => weights.get(variant) ?? 0);
  if (total > 0 && !relation.some((weight) => weight > 0)) throw nobody(weights === undefined);
  const arms = handOver(deal, total === 0 ? present.map(() => 0) : armSizes(present, relation, total));
  return { ...around, variants: weights === undefined ? arms : arms.filter(({ variant }) => weights.has(variant)) };
}

function withNewArms({ of, arms }: Deal, weights: ReadonlyMap<string, number> | undefined): Deal {
  const names = new Set(arms.map(({ variant }) => variant));
  const added = [...(weights?.keys() ?? [])].filter((name) => !names.has(name));
  return { of, arms: [...arms, ...added.map((variant): Arm => ({ variant, ranges: [] }))] };
}

/** All of a split by ranges but its arms. */
function withoutArms(split: Split, { otherwise }: ReshapeOptions): Omit<RangedSplit, 'variants'> {
  const { variants: _arms, ...rest } = split;
  if (!isRanged(split)) {
    if (otherwise === null || (typeof otherwise === 'string' && otherwise !== '')) return { ...rest, otherwise };
    throw new TypeError(
      `otherwise is ${shown(otherwise)}; allowed is a variant's name or null: say what units in no range are served`,
    );
  }
  if (otherwise === undefined) return rest;
  throw new TypeError(
    `otherwise is ${shown(otherwise)}; allowed is to leave it out: a split by ranges says itself what its gaps serve`,
  );
}

/** Undefined where no coverage is wanted but the present one. */
function totalOf(coverage: number | undefined, of: number): number | undefined {
  if (coverage === undefined) return undefined;
  if (typeof coverage === 'number' && coverage >= 0 && coverage <= 100) return Math.round((coverage * of) / 100);
  throw new RangeError(`coverage is ${shown(coverage)}; allowed is a number from 0 to 100: per cent of all buckets`);
}

/** As a map, in which no variant's name meets a prototype. */
function checkedWeights(weights: Readonly<Record<string, number>>): Map<string, number> {
  for (const [variant, weight] of Object.entries(weights)) {
    if (variant === '') {
      throw new RangeError('a name in weights is ""; allowed is the name of a variant: give each weight to one');
    }
    if (!(Number.isFinite(weight) && weight >= 0)) {
      throw new RangeError(`weights[${shown(variant)}] is ${shown(weight)}; allowed is a finite number from 0`);
    }
  }
  return new Map(Object.entries(weights));
}

function nobody(hasNoWeights: boolean): RangeError {
  const todo = hasNoWeights ? 'give weights, since no arm has buckets now' : 'give an arm one, or set coverage to 0';
  return new RangeError(`no weight is above 0; allowed is at least one while coverage is above 0: ${todo}`);
}
