/** What to write where ranges of buckets are wrong. */
import { rangesOf } from '@clarity/flags-core/definition';
import { isObject, type Mistake, valueAt } from './mistake.ts';
import { RANGED_MEMBERS, weightsIn } from './ranged-split.ts';

const BUCKETS = 100_000;

/** By the sentence of what is allowed. */
export const RANGE_ADVICE: Readonly<Record<string, (mistake: Mistake) => string>> = {
  'a list of two, the first bucket and the one after the last': pairAdvice,
  'buckets that no other range has': sharedAdvice,
  'one to 8 different attributes': ({ value }) => {
    const count = Array.isArray(value) ? value.length : 0;
    if (count === 0) return 'write an attribute such as "userId", or take "by" out';
    return count > 8 ? 'leave at most 8: the first that holds a unit deals' : 'name each attribute once';
  },
  'at least one variant': () => 'write [{"variant": "on", "ranges": [[0, 50000]]}]',
  'ranges in place of a weight: what may grow is dealt by ranges': weightAdvice,
  'otherwise, which is served in the gaps, or gaps, and not both': ({ value, finding: { steps } }) => {
    if (isObject(value) && 'gaps' in value) return 'take "otherwise" out, or "gaps"';
    const orGaps = steps.at(-1) === 'serve' ? ', or "gaps": "continue" to go on to the next rule' : '';
    return `add "otherwise": the variant for all others, such as "off"${orGaps}`;
  },
  'otherwise in place of gaps: after the fallthrough comes no other rule': ({ parent }) =>
    isObject(parent) && 'otherwise' in parent ? 'take it out' : 'write "otherwise": "off" in its place',
};

function pairAdvice({ value, parent, finding: { steps } }: Mistake): string {
  if (isPair(parent)) return `put another pair of square brackets around it: [[${parent.join(', ')}]]`;
  const { from, to } = Object(value) as { readonly from?: unknown; readonly to?: unknown };
  if (typeof from === 'number' && typeof to === 'number') return `write [${from}, ${to}]`;
  const [, first, last] = /^\s*(\d+)\s*(?:-|–|to|\.\.+|,)\s*(\d+)\s*$/.exec(String(value)) ?? [];
  if (typeof value === 'string' && first !== undefined) return `write [${first}, ${last}]`;
  return `write two numbers, such as [${steps.at(-1) === 0 ? '0, 5000' : '5000, 10000'}]`;
}

/** Whether somebody wrote one range for a list of them. */
export function isPair(value: unknown): value is readonly [number, number] {
  return Array.isArray(value) && value.length === 2 && value.every((one) => typeof one === 'number');
}

function sharedAdvice({ value, finding: { found } }: Mistake): string {
  const [, other, last] = /shares buckets with \[(\d+), (\d+)\]/.exec(found) ?? [];
  const [from, to] = isPair(value) ? value : [0, 0];
  return to > Number(last)
    ? `write [${last}, ${to}], or let [${other}, ${last}] end at ${from}`
    : 'take it out, or give the other range fewer buckets';
}

/** A range that ends where it begins, or before, or after the last bucket. */
export function endAdvice({ value, parent, name, finding: { allowed } }: Mistake): string | undefined {
  const [, start, most] = /^more than (\d+) and at most (\d+), the number of buckets$/.exec(allowed) ?? [];
  if (most === undefined || typeof value !== 'number') return undefined;
  if (value > Number(most)) return `write ${most}, or give a larger "of": it has ${most} buckets`;
  if (value === Number(start)) return `let it end at a later bucket: the end itself is not in it`;
  return Array.isArray(parent)
    ? `write the smaller first: [${value}, ${start}]`
    : `change the two: "from": ${value}, "${String(name)}": ${start}`;
}

function weightAdvice({ parent, root, finding: { steps } }: Mistake): string {
  if (isObject(parent) && 'ranges' in parent) return 'take it out: "ranges" is there already';
  const split = valueAt(root, steps.slice(0, -3));
  const weights = weightsIn(split);
  if (weights === undefined || !isObject(split))
    return 'write "ranges": […] in its place, of buckets that no other arm has';
  const arms = rangesOf({ kind: 'split', variants: weights }, 0).map(
    ({ variant, from, to }) =>
      `{"variant": ${JSON.stringify(variant)}, "ranges": [${to > from ? `[${from}, ${to}]` : ''}]}`,
  );
  const needs = 'otherwise' in split || 'gaps' in split ? '' : ', and add "otherwise"';
  const beside = RANGED_MEMBERS.filter((member) => member in split);
  const [only] = beside;
  const instead = beside.length === 1 && only !== 'experiment' ? `take "${only}" out, or ` : '';
  return `${instead}write "variants": [${arms.join(', ')}]${needs}`;
}

/** Whether somebody asks for a share where buckets are counted. */
export function isShareOfBuckets(name: string, allowed: readonly string[]): boolean {
  return (
    allowed.includes('from') && allowed.includes('salt') && /^(?:percent(?:age)?|weight|share|rollout\w*)$/i.test(name)
  );
}

/** The buckets of a share in per cent. */
export function bucketsOfShare(value: unknown): string {
  const share = typeof value === 'number' && value > 0 && value <= 100 ? value : 10;
  return `write "from": 0, "to": ${Math.round((share * BUCKETS) / 100)} in its place`;
}
