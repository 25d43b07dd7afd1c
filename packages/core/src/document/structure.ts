/**
 * The form of flags and segments, as `schema/flags.schema.json` states it too, and the names in them, which no schema
 * can follow.
 */
import { comparison, condition } from './condition.ts';
import { also, be, type Check, dictionary, type Form, has, isText, list, orNull, record, word } from './inspection.ts';
import { type Dictionary, isObject } from './is-object.ts';
import { parseInstant } from './instant.ts';
import type {
  FlagType,
  LongFlag,
  Prerequisite,
  Ramp,
  Rule,
  Schedule,
  Segment,
  ShortFlag,
  Split,
  Target,
} from './types.ts';
import { boolean, instant, key, name, number, percentage, text, weight } from './values.ts';
import { CURVES, DEALINGS, FLAG_TYPES, HASHES, STATUSES } from './words.ts';

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

const dealing = { kind: text, 'by?': name, 'salt?': text, 'hash?': word(HASHES) };
const forms = {
  split: {
    ...dealing,
    variants: also<Split['variants']>(
      list(record({ variant, weight } satisfies Form<Split['variants'][number]>)),
      'at least one weight above 0',
      (variants) => variants.some((one) => one.weight > 0),
    ),
  },
  ramp: {
    ...dealing,
    variant,
    otherwise: orNull(variant),
    curve: word(CURVES),
    points: also<Ramp['points']>(
      list(record({ at: instant, percentage } satisfies Form<Ramp['points'][number]>)),
      'at least one point, each later than the one before and not smaller',
      (points) =>
        points.length > 0 &&
        rising(...points.map((point) => point.at)) &&
        points.every((point, index) => index === 0 || point.percentage >= points[index - 1]!.percentage),
    ),
    'pauses?': also<NonNullable<Ramp['pauses']>>(
      list(record({ from: instant, 'until?': instant } satisfies Form<NonNullable<Ramp['pauses']>[number]>)),
      'pauses one after the other, all but the last with an end',
      (pauses) =>
        rising(...pauses.flatMap((pause) => [pause.from, pause.until])) &&
        pauses.slice(0, -1).every((pause) => pause.until !== undefined),
    ),
  },
} satisfies { readonly split: Form<Split>; readonly ramp: Form<Ramp> };
const dealings: Readonly<Record<keyof typeof DEALINGS, Check>> = {
  split: record(forms.split),
  ramp: record(forms.ramp),
};
const otherDealing = record({ kind: word(DEALINGS) });
const serve = orNull((value, at) => {
  if (!isObject(value)) variant(value, at);
  else (has(DEALINGS, value['kind']) ? dealings[value['kind'] as keyof typeof DEALINGS] : otherDealing)(value, at);
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
const prerequisiteForm: Form<Prerequisite> = { flag: otherFlag, variants: list(name) };
const prerequisiteRecord = record(prerequisiteForm);
const prerequisite: Check = (value, at) => {
  prerequisiteRecord(value, at);
  if (!isObject(value) || !has(at.flags, value['flag']) || !Array.isArray(value['variants'])) return;
  const names = variantsOf(at.flags[value['flag']]);
  const stranger = (value['variants'] as unknown[]).find((one) => !has(names, one));
  // A newer version may name variants elsewhere.
  if (stranger !== undefined) {
    at.doubt(value['flag'], stranger, `variants of ${value['flag']}`);
  }
};

const shared = {
  'description?': text,
  'metadata?': object,
  'clientVisible?': boolean,
  'salt?': text,
  'schedule?': also<Schedule>(
    record({ 'onAt?': instant, 'offAt?': instant } satisfies Form<Schedule>),
    'offAt after onAt',
    ({ onAt, offAt }) => rising(onAt, offAt),
  ),
};
const shortForm: Form<ShortFlag> = {
  ...shared,
  status: word(STATUSES),
  'rolloutPercentage?': percentage,
  'betaUsers?': keys,
};
const shortFlag = record(shortForm);
/** What the variants of each type of flag are. */
const VALUES: Readonly<Record<FlagType, Check>> = {
  boolean,
  string: text,
  number,
  object: (value, at) =>
    typeof value === 'object' && value !== null ? json(value, at) : at.report(value, 'an object or a list'),
};
const target: Form<Target> = { variant, keys };
const rule: Form<Rule> = { 'id?': text, 'description?': text, when: condition, serve };
/** With variants of any kind; each type of flag has its own check of them. */
const longForm: Form<LongFlag> = {
  ...shared,
  type: word(FLAG_TYPES),
  'enabled?': boolean,
  'variants?': json,
  'offVariant?': orNull(variant),
  'prerequisites?': list(prerequisite),
  'targets?': list(record(target)),
  'rules?': list(record(rule)),
  fallthrough: serve,
};
const longFlag = (variants: Readonly<Record<string, Check>>): Check => record({ ...longForm, ...variants });
const longFlags = new Map<unknown, Check>(
  Object.entries(VALUES).map(([one, value]) => [
    one,
    longFlag({ [one === 'boolean' ? 'variants?' : 'variants']: dictionary(value) }),
  ]),
);
const otherLongFlag = record(longForm);

export const checkFlag: Check = (value, at) => {
  at.variants = variantsOf(value);
  if (isObject(value) && Object.hasOwn(value, 'type')) (longFlags.get(value['type']) ?? otherLongFlag)(value, at);
  else shortFlag(value, at);
};

const segment: Form<Segment> = { 'description?': text, 'include?': keys, 'exclude?': keys, 'when?': condition };
export const checkSegment: Check = record(segment);

/** The members of each part, by the name that the schema has for it. */
export const FORMS = {
  shortFlag: shortForm,
  longFlag: longForm,
  prerequisite: prerequisiteForm,
  target,
  rule,
  ...forms,
  comparison,
  segment,
} as const;
