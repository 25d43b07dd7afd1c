import { BUCKETS } from '@clarity/flags-core/definition';
import type { Bucketing, Comparison, Condition, Operand, OperatorName } from '@clarity/flags-core/document';
import { exactMoment } from './moments.ts';
import { counted, listed, ofUnits, percent, quoted } from './texts.ts';

/** Each operator between an attribute and what it is compared with, and the same when it must not hold. */
const OPERATORS: Readonly<Record<OperatorName, readonly [holds: string, fails: string]>> = {
  exists: ['is set', 'is not set'],
  equals: ['is', 'is not'],
  in: ['is', 'is not'],
  contains: ['contains', 'does not contain'],
  startsWith: ['starts with', 'does not start with'],
  endsWith: ['ends with', 'does not end with'],
  matches: ['matches', 'does not match'],
  lessThan: ['is below', 'is not below'],
  atMost: ['is at most', 'is not at most'],
  greaterThan: ['is above', 'is not above'],
  atLeast: ['is at least', 'is not at least'],
  before: ['is before', 'is not before'],
  after: ['is after', 'is not after'],
  semverEquals: ['is version', 'is not version'],
  semverLessThan: ['is below version', 'is not below version'],
  semverAtMost: ['is at most version', 'is not at most version'],
  semverGreaterThan: ['is above version', 'is not above version'],
  semverAtLeast: ['is at least version', 'is not at least version'],
  inNetwork: ['is in', 'is not in'],
};

/** Operands that are named; of more the others are counted. */
const MOST_OPERANDS = 3;

/** Attributes that say who somebody is: whom a condition names is told by number only. */
const PERSONAL = /^(targetingKey|userId|e-?mail|.*\.(userId|e-?mail))$/i;
const COUNTRY = /(^|[._])country(_?code)?$/i;

/**
 * A condition in words: `country is Switzerland and plan is not free`. Users that it names by their keys are counted,
 * not named.
 */
export function describeCondition(condition: Condition): string {
  return words(condition, true, false);
}

function words(condition: Condition, holds: boolean, isInner: boolean): string {
  if ('not' in condition) return words(condition.not, !holds, isInner);
  if ('segment' in condition) return `${holds ? 'in' : 'not in'} segment ${quoted(condition.segment)}`;
  if ('attribute' in condition) return comparison(condition, holds);
  if ('bucket' in condition) return `${holds ? 'in' : 'not in'} ${bucketWords(condition.bucket)}`;
  if ('flag' in condition) {
    if (condition.variants.length === 0) return holds ? 'never' : 'always';
    const verb = holds ? 'serves' : 'does not serve';
    return `flag ${quoted(condition.flag)} ${verb} ${listed(condition.variants.map(quoted), 'or')}`;
  }
  const isAll = 'all' in condition;
  const parts = isAll ? condition.all : condition.any;
  if (parts.length === 0) return isAll === holds ? 'always' : 'never';
  // Not all of them: one of them not.
  const joint = isAll === holds ? ' and ' : ' or ';
  const text = parts.map((part) => words(part, holds, parts.length > 1)).join(joint);
  return isInner && parts.length > 1 ? `(${text})` : text;
}

/** Which users is told by the buckets: the same share of others would have the same words. */
function bucketWords({ by, salt, of = BUCKETS, from, to }: Bucketing): string {
  return `${percent(((to - from) * 100) / of)} ${ofUnits(by)} (buckets ${from} to ${to} of ${of}, salt ${quoted(salt)})`;
}

function comparison({ attribute, op, value, ignoreCase }: Comparison, holds: boolean): string {
  const name = attribute === 'targetingKey' ? 'targeting key' : quoted(attribute);
  const [yes, no] = OPERATORS[op];
  const verb = holds ? yes : no;
  if (op === 'exists' || value === undefined) return `${name} ${verb}`;
  const operands = [value].flat() as readonly Operand[];
  const anyCase = ignoreCase === true ? ' in any case' : '';
  return `${name} ${verb} ${operandWords(attribute, op, operands)}${anyCase}`;
}

function operandWords(attribute: string, op: OperatorName, operands: readonly Operand[]): string {
  if ((op === 'equals' || op === 'in') && PERSONAL.test(attribute)) {
    return operands.length === 1 ? 'a certain one' : `one of ${operands.length}`;
  }
  const named = operands.slice(0, MOST_OPERANDS).map((operand) => operandWord(attribute, op, operand));
  const others = operands.length - named.length;
  return listed(others > 0 ? [...named, counted(others, 'other')] : named, 'or');
}

function operandWord(attribute: string, op: OperatorName, operand: Operand): string {
  if (typeof operand !== 'string') return String(operand);
  if (op === 'before' || op === 'after') return exactMoment(operand);
  return isCountry(attribute, op) ? countryName(operand) : quoted(operand);
}

function isCountry(attribute: string, op: OperatorName): boolean {
  return (op === 'equals' || op === 'in') && COUNTRY.test(attribute);
}

/** The English name of a country by its code; what is no code stays as it is. */
function countryName(code: string): string {
  if (!/^[A-Z]{2}$/.test(code)) return quoted(code);
  return new Intl.DisplayNames(['en'], { type: 'region' }).of(code) ?? code;
}

/** Whom a condition lets in, after an answer (`on for Switzerland`) and after a share (`25 % in Switzerland`). */
export interface Audience {
  readonly after: string;
  readonly within: string;
}

export function audienceOf(condition: Condition): Audience {
  const group = groupOf(condition);
  if (group !== undefined) return { after: `for ${group}`, within: `in ${group}` };
  if ('all' in condition) {
    const groups = condition.all.flatMap((part) => groupOf(part) ?? []);
    const others = condition.all.filter((part) => groupOf(part) === undefined);
    if (groups.length === 1 && others.length > 0) {
      const where = `where ${describeCondition({ all: others })}`;
      return { after: `for ${groups[0]} ${where}`, within: `in ${groups[0]} ${where}` };
    }
    if (condition.all.length === 0) return { after: 'for everybody', within: 'in all' };
  }
  const text = describeCondition(condition);
  const where = `where ${text}`;
  return { after: where, within: where };
}

/** A segment, buckets or countries: what somebody can be in. */
function groupOf(condition: Condition): string | undefined {
  if ('bucket' in condition) return bucketWords(condition.bucket);
  if ('segment' in condition) return `segment ${quoted(condition.segment)}`;
  if (!('attribute' in condition) || !isCountry(condition.attribute, condition.op)) return undefined;
  const codes = [condition.value ?? []].flat();
  if (codes.length === 0 || codes.length > MOST_OPERANDS) return undefined;
  return listed(
    codes.map((code) => countryName(String(code))),
    'and',
  );
}
