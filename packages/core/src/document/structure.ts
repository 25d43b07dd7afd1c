/**
 * The form of flags and segments, as `schema/flags.schema.json` states it too, and the names in them, which no schema
 * can follow.
 */
import { condition } from './condition.ts';
import { also, be, type Check, dictionary, has, isText, list, orNull, record, word } from './inspection.ts';
import { type Dictionary, isObject } from './is-object.ts';
import { parseInstant } from './instant.ts';
import type { Ramp, Schedule, Split } from './types.ts';
import { boolean, instant, key, name, number, percentage, text, weight } from './values.ts';

const keys = list(key);
const json: Check = (value, at) => {
  if (Array.isArray(value)) anyList(value, at);
  else if (isObject(value)) for (const name of Object.keys(value)) at.within(name, json, value[name]);
};
const anyList = list(json);
const object: Check = (value, at) => (isObject(value) ? json(value, at) : at.report(value, 'an object'));

/** The names of a flag's variants, in short and in long form. */
function variantsOf(definition: unknown): Dictionary {
  const variants = isObject(definition) ? definition['variants'] : undefined;
  return isObject(variants) ? variants : { on: true, off: false };
}

// Serving variants

const variant = be('a variant of this flag', (value, at) => has(at.variants, value));

/** Whether instants follow each other. Those that are left out do not matter. */
function rising(...texts: readonly (string | undefined)[]): boolean {
  const instants = texts.filter(isText).map((one) => parseInstant(one)!);
  return instants.every((one, index) => index === 0 || one > instants[index - 1]!);
}

const dealing = { kind: text, 'by?': name, 'salt?': text, 'hash?': word('murmur3') };
const dealings: Readonly<Record<string, Check>> = {
  split: record({
    ...dealing,
    variants: also<Split['variants']>(list(record({ variant, weight })), 'at least one weight above 0', (variants) =>
      variants.some((one) => one.weight > 0),
    ),
  }),
  ramp: record({
    ...dealing,
    variant,
    otherwise: orNull(variant),
    curve: word('steps', 'linear'),
    points: also<Ramp['points']>(
      list(record({ at: instant, percentage })),
      'at least one point, each later than the one before and not smaller',
      (points) =>
        points.length > 0 &&
        rising(...points.map((point) => point.at)) &&
        points.every((point, index) => index === 0 || point.percentage >= points[index - 1]!.percentage),
    ),
    'pauses?': also<NonNullable<Ramp['pauses']>>(
      list(record({ from: instant, 'until?': instant })),
      'pauses one after the other, all but the last with an end',
      (pauses) =>
        rising(...pauses.flatMap((pause) => [pause.from, pause.until])) &&
        pauses.slice(0, -1).every((pause) => pause.until !== undefined),
    ),
  }),
};
const otherDealing = record({ kind: word(...Object.keys(dealings)) });
const serve = orNull((value, at) => {
  if (!isObject(value)) variant(value, at);
  else (has(dealings, value['kind']) ? dealings[value['kind']]! : otherDealing)(value, at);
});

// Flags

const otherFlag = be(
  'the key of a flag in this document',
  (value, at) => {
    if (!has(at.flags, value)) return false;
    at.refers.push(`f${value}`);
    return true;
  },
  true,
);
const prerequisiteForm = record({ flag: otherFlag, variants: list(name) });
const prerequisite: Check = (value, at) => {
  prerequisiteForm(value, at);
  if (!isObject(value) || !has(at.flags, value['flag']) || !Array.isArray(value['variants'])) return;
  const names = variantsOf(at.flags[value['flag']]);
  const stranger = (value['variants'] as unknown[]).find((one) => !has(names, one));
  // A newer version may name variants elsewhere.
  if (stranger !== undefined) {
    at.doubts.push({ flagKey: value['flag'], problem: at.problem(stranger, `variants of ${value['flag']}`) });
  }
};

const shared = {
  'description?': text,
  'metadata?': object,
  'clientVisible?': boolean,
  'salt?': text,
  'schedule?': also<Schedule>(record({ 'onAt?': instant, 'offAt?': instant }), 'offAt after onAt', ({ onAt, offAt }) =>
    rising(onAt, offAt),
  ),
};
const shortFlag = record({
  ...shared,
  status: word('enabled', 'disabled', 'beta', 'canary'),
  'rolloutPercentage?': percentage,
  'betaUsers?': keys,
});
/** What the variants of each type of flag are. */
const VALUES: Readonly<Record<string, Check>> = {
  boolean,
  string: text,
  number,
  object: (value, at) =>
    typeof value === 'object' && value !== null ? json(value, at) : at.report(value, 'an object or a list'),
};
const type = word(...Object.keys(VALUES));
const longFlag = (variants: Readonly<Record<string, Check>>): Check =>
  record({
    ...shared,
    type,
    'enabled?': boolean,
    ...variants,
    'offVariant?': orNull(variant),
    'prerequisites?': list(prerequisite),
    'targets?': list(record({ variant, keys })),
    'rules?': list(record({ 'id?': text, 'description?': text, when: condition, serve })),
    fallthrough: serve,
  });
const longFlags = new Map<unknown, Check>(
  Object.entries(VALUES).map(([one, value]) => [
    one,
    longFlag({ [one === 'boolean' ? 'variants?' : 'variants']: dictionary(value) }),
  ]),
);
const otherLongFlag = longFlag({ 'variants?': json });

export const checkFlag: Check = (value, at) => {
  at.variants = variantsOf(value);
  if (isObject(value) && Object.hasOwn(value, 'type')) (longFlags.get(value['type']) ?? otherLongFlag)(value, at);
  else shortFlag(value, at);
};

export const checkSegment: Check = record({
  'description?': text,
  'include?': keys,
  'exclude?': keys,
  'when?': condition,
});
