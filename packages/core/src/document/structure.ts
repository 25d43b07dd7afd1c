/**
 * The form of flags and segments, as `schema/flags.schema.json` states it too, and the names in them, which no schema
 * can follow.
 */
import { bucketingForm } from './buckets.ts';
import { comparison, condition } from './condition.ts';
import { also, type Check, dictionary, type Form, list, orNull, record, word } from './inspection.ts';
import { areRising } from './instant.ts';
import { isObject } from './is-object.ts';
import { prerequisite, prerequisiteForm, variantsOf } from './other-flag.ts';
import { holdout, layer } from './layers.ts';
import { fallthrough, serve, serveForms, variant } from './serve.ts';
import type { FlagType, LongFlag, Rule, Schedule, Segment, ShortFlag, Target } from './types.ts';
import { boolean, instant, key, number, percentage, text } from './values.ts';
import { FLAG_TYPES, STATUSES } from './words.ts';

const keys = list(key);
const json: Check = (value, at) => {
  if (Array.isArray(value)) anyList(value, at);
  else if (isObject(value)) for (const name of Object.keys(value)) at.within(name, json, value[name]);
};
const anyList = list(json);
const object: Check = (value, at) => (isObject(value) ? json(value, at) : at.report(value, 'an object'));

const shared = {
  'description?': text,
  'metadata?': object,
  'clientVisible?': boolean,
  'salt?': text,
  'schedule?': also<Schedule>(
    record({ 'onAt?': instant, 'offAt?': instant } satisfies Form<Schedule>),
    'offAt after onAt',
    ({ onAt, offAt }) => areRising(onAt, offAt),
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
  fallthrough,
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
  const salt = isObject(value) ? value['salt'] : undefined;
  at.salt = typeof salt === 'string' ? salt : String(at.name);
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
  ...serveForms,
  comparison,
  bucketing: bucketingForm,
  segment,
  layer,
  holdout,
} as const;
