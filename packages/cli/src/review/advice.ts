import type { Finding } from '@clarity/flags-core/document';
import { EXPERIMENT_ADVICE, slotAdvice, unitAdvice } from './experiment-advice.ts';
import { formAdvice } from './form-advice.ts';
import {
  isObject,
  isOperatorAsName,
  isTypeMisspelt,
  isUnknownMember,
  keysOf,
  type Mistake,
  ONLY_LONG,
  quotedList,
  strangerIn,
  valueAt,
  variantsOf,
} from './mistake.ts';
import { missingAdvice } from './missing-advice.ts';
import { nameAdvice, variantAdvice } from './name-advice.ts';
import { bucketsOfShare, endAdvice, isShareOfBuckets, RANGE_ADVICE } from './range-advice.ts';
import { isOnlyRanged, wordsOf } from './ranged-split.ts';
import { memberMeant, operatorMeant, wordMeant } from './synonyms.ts';
import { instantAdvice, integerAdvice, numberAdvice, versionAdvice } from './value-advice.ts';

/** What to type instead, in half a sentence. */
export function adviceOn(finding: Finding, root: unknown): string {
  const { steps } = finding;
  const mistake: Mistake = {
    finding,
    root,
    value: valueAt(root, steps),
    name: steps.at(-1),
    parent: valueAt(root, steps.slice(0, -1)),
    flag: steps[0] === 'flags' ? valueAt(root, steps.slice(0, 2)) : undefined,
  };
  if (finding.kind === 'unknown') return unknownAdvice(mistake);
  if (finding.found === 'nothing') return missingAdvice(mistake);
  return ADVICE[finding.allowed]?.(mistake) ?? otherAdvice(mistake);
}

/** A member or a word that is not known here. */
function unknownAdvice(mistake: Mistake): string {
  const { finding, value, name, root } = mistake;
  const { allowed } = finding;
  if (name === 'ignoreCase') return 'take "ignoreCase" out: this operator compares no text';
  if (isObject(value) && allowed.startsWith('a condition')) return conditionAdvice(value);
  const words = wordsOf(finding);
  if (isUnknownMember(finding, root)) return memberAdvice(mistake, words);
  if (/^(?:!=|!==|<>|ne|neq|notEquals|not_?in|notContains|is ?not|doesNot\w+)$/i.test(String(value)))
    return 'say it the other way round, in {"not": {…}}';
  const meant = wordMeant(String(value), words);
  if (meant !== undefined) return `did you mean "${meant}"?`;
  return words.length === 1 ? `write "${words[0]}", the only one there is` : `write one of ${quotedList(words)}`;
}

function memberAdvice({ name, parent, value }: Mistake, allowed: readonly string[]): string {
  const [found, around] = [String(name), Object(parent) as Readonly<Record<string, unknown>>];
  const isShort = allowed.includes('status');
  const isFlag = isShort || allowed.includes('fallthrough');
  if (isShort && ONLY_LONG.has(found))
    return 'it belongs to the long form: add "type", such as "boolean", and "fallthrough"';
  if (isFlag && !isShort && SHORT_IN_LONG[found] !== undefined)
    return `it belongs to the short form: ${SHORT_IN_LONG[found](value, around)}`;
  if (isFlag && isOnlyRanged(found)) return `it belongs into a split by ranges: "fallthrough": {"kind": "split", …}`;
  if (isShareOfBuckets(found, allowed)) return bucketsOfShare(value);
  if (isTypeMisspelt(found, allowed, parent)) return 'did you mean "type"?';
  if (isOperatorAsName(found, allowed, parent))
    return `write "op": ${JSON.stringify(operatorMeant(found))}, "value": … in its place`;
  const meant = memberMeant(found, allowed, around);
  if (meant === undefined) return isFlag ? 'take it out, or put it into "metadata": {…}' : 'take it out';
  // It is there already, so this is something else.
  if (Object.hasOwn(around, meant)) return `take it out: "${meant}" is there already`;
  if (meant === 'status' && typeof value === 'boolean')
    return `write "status": "${value ? 'enabled' : 'disabled'}" in its place`;
  return `did you mean "${meant}"?`;
}

/** What a flag with a type has for the members of the short form. */
const SHORT_IN_LONG: Readonly<Record<string, (value: unknown, flag: Readonly<Record<string, unknown>>) => string>> = {
  status: (value, { enabled }) =>
    enabled === undefined
      ? `write "enabled": ${value === 'disabled' ? 'false' : 'true'} in its place`
      : 'take it out: "enabled" is there already',
  rolloutPercentage: (value) => {
    const share = typeof value === 'number' && value >= 0 && value <= 100 ? value : 25;
    return `take it out, and make "fallthrough" {"kind": "split", "variants": [{"variant": "on", "weight": ${share}}, {"variant": "off", "weight": ${100 - share}}]}`;
  },
  betaUsers: (_, { targets }) =>
    targets === undefined
      ? 'write "targets": [{"variant": "on", "keys": […]}] in its place'
      : 'take it out, and put its users into "targets"',
};

const KINDS_OF_CONDITION = ['attribute', 'all', 'any', 'not', 'segment', 'bucket', 'flag'] as const;

function conditionAdvice(value: object): string {
  for (const name of Object.keys(value)) {
    const meant = memberMeant(name, KINDS_OF_CONDITION, value);
    if (meant !== undefined) return `did you mean "${meant}" for "${name}"?`;
  }
  return 'write a condition such as {"attribute": "country", "op": "equals", "value": "CH"}';
}

/** By the sentence of what is allowed: each is of one check in core. */
const ADVICE: Readonly<Record<string, (mistake: Mistake) => string>> = {
  text: ({ value }) =>
    typeof value === 'number' || typeof value === 'boolean' ? 'put it in double quotes' : 'write text in double quotes',
  'text that is not empty': () => 'write a name in double quotes',
  'true or false': ({ value }) =>
    value === 'true' || value === 'false' ? `write ${value}, without quotes` : 'write true or false, without quotes',
  'a number': numberAdvice,
  'a number from 0': numberAdvice,
  'a number from 0 to 100': numberAdvice,
  'text, a number, true or false': ({ value }) =>
    Array.isArray(value)
      ? 'for a list of values write "op": "in"'
      : 'write one value; whether an attribute is there asks "op": "exists", without a value',
  'text or an integer': ({ value }) =>
    typeof value === 'number' ? 'put it in double quotes' : 'write keys such as "u1" or 4711',
  'an instant like 2026-11-30T09:00:00Z': instantAdvice,
  'a version like 1.2.3': versionAdvice,
  'a network like 10.0.0.0/8': () => 'write an address and how many bits count, such as 10.0.0.0/8 or 2001:db8::/32',
  'a pattern of the linear-time subset, with known syntax and not too many steps': () =>
    'write it without lookaround, backreferences and \\b, with all brackets closed; startsWith, endsWith and contains often do',
  'a variant of this flag': ({ value, flag }) => variantAdvice(value, variantsOf(flag)),
  'the key of a flag in this document': ({ value, root }) => nameAdvice(value, keysOf(root, 'flags'), 'flag'),
  'the name of a segment in this document': ({ value, root }) => nameAdvice(value, keysOf(root, 'segments'), 'segment'),
  'the name of a layer in this document': ({ value, root }) => nameAdvice(value, keysOf(root, 'layers'), 'layer'),
  'the name of a holdout in this document': ({ value, root }) => nameAdvice(value, keysOf(root, 'holdouts'), 'holdout'),
  ...RANGE_ADVICE,
  ...EXPERIMENT_ADVICE,
  'no cycle': () => 'take one of these references out',
  'at least one weight above 0': () => 'give a variant a weight, such as 50',
  'at least one point, each later than the one before and not smaller': ({ value }) =>
    Array.isArray(value) && value.length > 0
      ? 'put the points in the order of their time, with percentages that only rise'
      : 'write [{"at": "2026-12-01T09:00:00Z", "percentage": 100}]',
  'pauses one after the other, all but the last with an end': () =>
    'put the pauses in the order of their time, and give each but the last an "until"',
  'offAt after onAt': () => 'change the two: a flag goes on at "onAt", and off at "offAt"',
  'a name that is not empty': () => 'write a name between the quotes',
  '1': () => 'write "schemaVersion": 1, the number',
  'at least one': () => 'add a flag, such as "new_checkout": {"status": "disabled"}',
  'an object with schemaVersion and flags': () => 'write {"schemaVersion": 1, "flags": {…}}',
  'integers up to 2^53 - 1; write a larger one as text': () => 'put it in double quotes',
};

function otherAdvice(mistake: Mistake): string {
  const { allowed } = mistake.finding;
  const stranger = strangerIn(mistake.finding, mistake.root);
  if (stranger !== undefined) return variantAdvice(stranger.name, stranger.names);
  if (allowed.endsWith('within conditions'))
    return 'let conditions ask fewer segments and flags whose conditions ask others; prerequisites count for none';
  if (allowed.startsWith('nesting up to')) return 'write it with fewer brackets in brackets';
  if (allowed.endsWith('bytes of UTF-8')) return 'split the document, or keep long lists of users elsewhere';
  if (/^at most \d+ in (?:one entry|all)$/.test(allowed))
    return 'shorten patterns and lists of texts, or use startsWith, endsWith or in';
  return (
    endAdvice(mistake) ?? integerAdvice(mistake) ?? unitAdvice(mistake) ?? slotAdvice(mistake) ?? formAdvice(mistake)
  );
}
