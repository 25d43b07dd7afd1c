import { BUCKETS, isRanged } from '@clarity/flags-core/definition';
import type { FlagDefinition, LongFlag, RangedSplit, Serve, WeightedSplit } from '@clarity/flags-core/document';
import { reshape } from '../reshape/reshape.ts';
import type { Edit } from './edit.ts';
import { servePlace } from './edit-serve.ts';
import type { Of } from './instruction.ts';
import { Refusal } from './problem.ts';
import type { Steps } from '../references/references.ts';
import { isShort } from './short-and-long.ts';
import { trueVariant } from './true-variant.ts';

/** Sets a share. Of a short flag that is off, it is kept for when it is turned on. */
export function editPercentage(flag: FlagDefinition, instruction: Of<'setPercentage'>): Edit<FlagDefinition> {
  const { percentage, rule, variant } = instruction;
  if (!(percentage >= 0 && percentage <= 100)) {
    throw new Refusal('invalid', [], `${percentage} %`, 'a percentage from 0 to 100');
  }
  if (!isShort(flag)) return editSplit(flag, instruction);
  if (rule !== undefined) throw new Refusal('gone', ['rules'], 'a flag without rules', 'no rule, or addRule before');
  if (flag.status !== 'canary' && flag.status !== 'disabled') {
    throw new Refusal('cannot', ['status'], JSON.stringify(flag.status), 'canary: setStatus before');
  }
  if (variant !== undefined && variant !== 'on') {
    throw new Refusal('cannot', ['rolloutPercentage'], 'another variant', 'variant on, or none');
  }
  const replaces = { now: flag.rolloutPercentage, wants: percentage };
  return { steps: ['rolloutPercentage'], entry: { ...flag, rolloutPercentage: percentage }, replaces };
}

function editSplit(flag: LongFlag, { percentage, rule, variant }: Of<'setPercentage'>): Edit<LongFlag> {
  const { steps, serve, flagWith } = servePlace(flag, rule);
  if (typeof serve !== 'object' || serve === null) {
    const todo = rule === undefined ? 'setFallthrough' : 'replaceRule';
    throw new Refusal('cannot', steps, 'one variant for all', `a split: ${todo}, with one of the shares you want`);
  }
  if (serve.kind === 'ramp') {
    const todo = `pauseRamp to hold it, setRamp for another course, ${rule === undefined ? 'setFallthrough' : 'replaceRule'} to end it`;
    throw new Refusal('cannot', steps, 'a ramp, whose share follows the clock', todo);
  }
  const { now, after } = isRanged(serve)
    ? ofRanges(serve, percentage, variant, steps)
    : ofWeights(serve, percentage, variant ?? trueVariant(flag, steps), steps);
  return { steps, entry: flagWith(after), replaces: { now, wants: percentage } };
}

interface Shares {
  /** Per cent, to a thousandth. */
  readonly now: number;
  readonly after: Serve;
}

function ofWeights(split: WeightedSplit, percentage: number, variant: string, steps: Steps): Shares {
  const { variants } = split;
  const own = variants.findIndex((arm) => arm.variant === variant);
  if (own < 0) throw new Refusal('gone', steps, 'a split without this variant', named(variants));
  if (variants.length !== 2 || variants[0]!.variant === variants[1]!.variant) {
    const allowed = 'two variants: setFallthrough or replaceRule with all weights, or reshape, which moves fewer users';
    throw new Refusal('cannot', steps, `a split of ${variants.length} by weights`, allowed);
  }
  const sum = variants[0]!.weight + variants[1]!.weight;
  const weights = variants.map((arm, index) => ({ ...arm, weight: index === own ? percentage : rest(percentage) }));
  return { now: thousandths((variants[own]!.weight / sum) * 100), after: { ...split, variants: weights } };
}

function ofRanges(split: RangedSplit, percentage: number, variant: string | undefined, steps: Steps): Shares {
  const { of = BUCKETS, variants } = split;
  const sizes = new Map<string, number>();
  for (const { variant: name, ranges } of variants) {
    sizes.set(name, (sizes.get(name) ?? 0) + ranges.reduce((sum, [from, to]) => sum + to - from, 0));
  }
  if (variant !== undefined && !sizes.has(variant)) {
    throw new Refusal('gone', steps, 'a split without this variant', named(variants));
  }
  const total = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  if (variant === undefined) {
    if (total === 0 && percentage > 0 && sizes.size > 1) {
      throw new Refusal(
        'cannot',
        steps,
        'arms without buckets',
        'a variant in the instruction, or reshape with weights',
      );
    }
    const weights = total === 0 ? { weights: { [variants[0]!.variant]: 1 } } : {};
    return { now: percent(total, of), after: reshape(split, { ...weights, coverage: percentage }) };
  }
  const size = sizes.get(variant)!;
  const wanted = Math.round((percentage * of) / 100);
  const covered = total - size + wanted;
  if (covered > of) {
    const allowed = `up to ${percent(of - total + size, of)} % beside the other arms: give them less before`;
    throw new Refusal('cannot', steps, `${percentage} %`, allowed);
  }
  const weights = Object.fromEntries([...sizes].map(([name, has]) => [name, name === variant ? wanted : has]));
  const after = reshape(split, { weights, coverage: (covered * 100) / of });
  return { now: percent(size, of), after };
}

function named(variants: readonly { readonly variant: string }[]): string {
  return `one of its variants: ${variants.map((arm) => JSON.stringify(arm.variant)).join(', ')}`;
}

function percent(buckets: number, of: number): number {
  return thousandths((buckets * 100) / of);
}

function thousandths(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}

/** What is left of a hundred, without the noise of floating point. */
function rest(percentage: number): number {
  return Number((100 - percentage).toFixed(9));
}
