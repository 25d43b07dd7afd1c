/** The form of what is served: a variant, or a way of dealing variants to units. */
import { bucketsOf, checkDisjoint, dealing, of, ranges } from './buckets.ts';
import { also, be, type Check, type Form, has, list, orNull, record, word } from './inspection.ts';
import { areRising } from './instant.ts';
import { isObject } from './is-object.ts';
import { checkAgainstLayers, experiment, holdoutName, layerName } from './layers.ts';
import type { Ramp, RangedSplit, WeightedSplit } from './types.ts';
import { instant, percentage, text, weight } from './values.ts';
import { CURVES, DEALINGS, GAPS } from './words.ts';

export const variant = be('a variant of this flag', (value, at) => has(at.variants, value));

const weightedForm: Form<WeightedSplit> = {
  kind: text,
  ...dealing,
  variants: also<WeightedSplit['variants']>(
    list(record({ variant, weight } satisfies Form<WeightedSplit['variants'][number]>)),
    'at least one weight above 0',
    (variants) => variants.some((one) => one.weight > 0),
  ),
};
const noWeight = be('ranges in place of a weight: what may grow is dealt by ranges', () => false);
const rangedForm: Form<RangedSplit> = {
  kind: text,
  ...dealing,
  'of?': of,
  variants: also<RangedSplit['variants']>(
    list(record({ variant, ranges, 'weight?': noWeight })),
    'at least one variant',
    (variants) => variants.length > 0,
  ),
  'otherwise?': orNull(variant),
  'gaps?': word(GAPS),
  'experiment?': record(experiment),
  'layer?': layerName,
  'holdout?': holdoutName,
};
const rampForm: Form<Ramp> = {
  kind: text,
  ...dealing,
  variant,
  otherwise: orNull(variant),
  curve: word(CURVES),
  points: also<Ramp['points']>(
    list(record({ at: instant, percentage } satisfies Form<Ramp['points'][number]>)),
    'at least one point, each later than the one before and not smaller',
    (points) =>
      points.length > 0 &&
      areRising(...points.map((point) => point.at)) &&
      points.every((point, index) => index === 0 || point.percentage >= points[index - 1]!.percentage),
  ),
  'pauses?': also<NonNullable<Ramp['pauses']>>(
    list(record({ from: instant, 'until?': instant } satisfies Form<NonNullable<Ramp['pauses']>[number]>)),
    'pauses one after the other, all but the last with an end',
    (pauses) =>
      areRising(...pauses.flatMap((pause) => [pause.from, pause.until])) &&
      pauses.slice(0, -1).every((pause) => pause.until !== undefined),
  ),
};

/** The members of each way of dealing, by the name that the schema has for it. */
export const serveForms = { split: weightedForm, rangedSplit: rangedForm, ramp: rampForm, experiment };

const weightedSplit = record(weightedForm);
const rangedMembers = record(rangedForm);
const rangedSplit: Check = (value, at) => {
  at.buckets = bucketsOf(value);
  const before = at.problems.length;
  rangedMembers(value, at);
  if (at.problems.length > before || at.newer !== undefined) return;
  const split = value as RangedSplit;
  const { otherwise, gaps, variants } = split;
  if ((otherwise === undefined) === (gaps === undefined))
    at.report(value, 'otherwise, which is served in the gaps, or gaps, and not both');
  for (const member of ['layer', 'holdout'] as const)
    if (split[member] !== undefined && split.experiment === undefined)
      at.within(member, () => at.report(split[member], `an experiment beside the ${member}`, true), 0);
  checkDisjoint(
    variants.map(({ ranges: several }, index) => ({ steps: ['variants', index, 'ranges'], ranges: several })),
    at,
  );
  checkAgainstLayers(split, at);
};

/** The members that only a split by ranges has. */
const RANGED: readonly string[] = ['of', 'otherwise', 'gaps', 'experiment', 'layer', 'holdout'];

/** Which kind of split is meant, also where it is not sound. */
const split: Check = (value, at) => {
  if (!isObject(value)) return;
  const { variants } = value;
  const isRanged =
    RANGED.some((member) => Object.hasOwn(value, member)) ||
    (Array.isArray(variants) && variants.some((one) => isObject(one) && Object.hasOwn(one, 'ranges')));
  (isRanged ? rangedSplit : weightedSplit)(value, at);
};

const dealings: Readonly<Record<keyof typeof DEALINGS, Check>> = { split, ramp: record(rampForm) };
const otherDealing = record({ kind: word(DEALINGS) });

export const serve = orNull((value, at) => {
  if (!isObject(value)) variant(value, at);
  else (has(DEALINGS, value['kind']) ? dealings[value['kind'] as keyof typeof DEALINGS] : otherDealing)(value, at);
});

const noGaps = be('otherwise in place of gaps: after the fallthrough comes no other rule', () => false);

export const fallthrough: Check = (value, at) => {
  serve(value, at);
  if (isObject(value) && Object.hasOwn(value, 'gaps')) at.within('gaps', noGaps, value['gaps']);
};
