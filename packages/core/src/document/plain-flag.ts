/**
 * A shortcut for the forms that most flags have: plain reading of known properties, which is several times as fast as
 * the general check. It only ever says that a flag is sound. What it does not know, what refers to something else in
 * the document and what is wrong is left to the check.
 */
import { isObject } from './is-object.ts';
import { isShallow } from './is-shallow.ts';
import { isSemanticVersion } from './semantic-version.ts';
import type { Condition, LongFlag, Serve, ShortFlag } from './types.ts';
import { STATUSES, TEXT_OPERATORS } from './words.ts';

type Loose<T> = { readonly [Name in keyof T]?: unknown };
/** Any member of any flag or part. */
type Members<T> = T extends unknown ? keyof T : never;
type Part<T> = { readonly [Name in Members<T>]?: unknown };

const KNOWN_STATUSES: ReadonlySet<unknown> = new Set(Object.keys(STATUSES));
/** How deeply conditions and metadata may nest here. */
const MAX_DEPTH = 8;

/** Whether a flag is surely sound and refers to no other flag and no segment. */
export function isPlainFlag(flag: unknown): boolean {
  return isObject(flag) && (isPlainShort(flag) || isPlainLong(flag));
}

function isPlainShort(flag: Loose<ShortFlag>): boolean {
  const { status, rolloutPercentage, betaUsers } = flag;
  let known = 1;
  if (!KNOWN_STATUSES.has(status)) return false;
  if (rolloutPercentage !== undefined) {
    if (!isNumber(rolloutPercentage) || rolloutPercentage < 0 || rolloutPercentage > 100) return false;
    known++;
  }
  if (betaUsers !== undefined) {
    if (!isList(betaUsers, isKey)) return false;
    known++;
  }
  return hasNoOther(flag, known + countShared(flag));
}

function isPlainLong(flag: Loose<LongFlag>): boolean {
  const { type, enabled, variants, offVariant, targets, rules, fallthrough } = flag;
  let known = 2;
  if (variants === undefined ? type !== 'boolean' : !areVariants(variants, type)) return false;
  if (variants !== undefined) known++;
  const names = variants as object | undefined;
  if (!isPlainServe(fallthrough, names)) return false;
  if (enabled !== undefined) {
    if (typeof enabled !== 'boolean') return false;
    known++;
  }
  if (offVariant !== undefined) {
    if (offVariant !== null && !isVariant(offVariant, names)) return false;
    known++;
  }
  if (targets !== undefined) {
    if (!isList(targets, (target) => isTarget(target, names))) return false;
    known++;
  }
  if (rules !== undefined) {
    if (!isList(rules, (rule) => isPlainRule(rule, names))) return false;
    known++;
  }
  return hasNoOther(flag, known + countShared(flag));
}

/** How many of the members that all flags have are there and plain. */
function countShared({ description, metadata, clientVisible, salt }: Loose<ShortFlag>): number {
  return (
    Number(typeof description === 'string') +
    Number(metadata !== undefined && isObject(metadata) && isShallow(metadata, MAX_DEPTH)) +
    Number(typeof clientVisible === 'boolean') +
    Number(typeof salt === 'string')
  );
}

function areVariants(variants: unknown, type: unknown): boolean {
  if (!isObject(variants) || (type !== 'boolean' && type !== 'string' && type !== 'number')) return false;
  for (const [name, value] of Object.entries(variants))
    if (name === '' || typeof value !== type || value === Infinity || value === -Infinity) return false;
  return true;
}

function isVariant(name: unknown, names: object | undefined): boolean {
  return names === undefined ? name === 'on' || name === 'off' : typeof name === 'string' && Object.hasOwn(names, name);
}

function isTarget(target: unknown, names: object | undefined): boolean {
  if (!isObject(target)) return false;
  const { variant, keys } = target as Part<{ variant: string; keys: string[] }>;
  return isVariant(variant, names) && isList(keys, isKey) && hasNoOther(target, 2);
}

function isPlainRule(rule: unknown, names: object | undefined): boolean {
  if (!isObject(rule)) return false;
  const { id, description, when, serve } = rule as Loose<NonNullable<LongFlag['rules']>[number]>;
  const known = 2 + Number(typeof id === 'string') + Number(typeof description === 'string');
  return isPlainCondition(when, MAX_DEPTH) && isPlainServe(serve, names) && hasNoOther(rule, known);
}

function isPlainServe(serve: unknown, names: object | undefined): boolean {
  if (serve === null || typeof serve === 'string') return serve === null || isVariant(serve, names);
  if (!isObject(serve)) return false;
  const { kind, variants, by, salt } = serve as Part<Exclude<Serve, string | null>>;
  if (kind !== 'split' || (by !== undefined && (typeof by !== 'string' || by === ''))) return false;
  const known = 2 + Number(by !== undefined) + Number(typeof salt === 'string');
  let total = 0;
  const areShares = isList(variants, (share) => {
    if (!isObject(share)) return false;
    const { variant, weight } = share as Part<{ variant: string; weight: number }>;
    if (!isVariant(variant, names) || !isNumber(weight) || weight < 0) return false;
    total += weight;
    return hasNoOther(share, 2);
  });
  return areShares && total > 0 && hasNoOther(serve, known);
}

function isPlainCondition(condition: unknown, depth: number): boolean {
  if (!isObject(condition) || depth === 0) return false;
  const { attribute, op, value, ignoreCase, all, any, not } = condition as Part<Condition>;
  if (attribute === undefined) {
    if (not !== undefined) return isPlainCondition(not, depth - 1) && hasNoOther(condition, 1);
    return isList(all ?? any, (part) => isPlainCondition(part, depth - 1)) && hasNoOther(condition, 1);
  }
  if (typeof attribute !== 'string' || attribute === '' || !isPlainOperand(op, value)) return false;
  return hasNoOther(condition, 3 + Number(typeof ignoreCase === 'boolean' && WITHOUT_CASE.has(op)));
}

const WITHOUT_CASE: ReadonlySet<unknown> = new Set(TEXT_OPERATORS);

/** Operators whose operands cost nothing at all to check. */
function isPlainOperand(op: unknown, value: unknown): boolean {
  switch (op) {
    case 'equals':
      return isScalar(value);
    case 'in':
      return isList(value, isScalar);
    case 'startsWith':
    case 'endsWith':
      return typeof value === 'string' || isList(value, isText);
    case 'lessThan':
    case 'atMost':
    case 'greaterThan':
    case 'atLeast':
      return isNumber(value);
    case 'semverEquals':
    case 'semverLessThan':
    case 'semverAtMost':
    case 'semverGreaterThan':
    case 'semverAtLeast':
      return typeof value === 'string' && isSemanticVersion(value);
    default:
      return false;
  }
}

function isText(value: unknown): boolean {
  return typeof value === 'string';
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && value - value === 0;
}

function isScalar(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'boolean' || isNumber(value);
}

function isKey(value: unknown): boolean {
  return typeof value === 'string' || Number.isSafeInteger(value);
}

function isList(value: unknown, test: (element: unknown) => boolean): boolean {
  if (!Array.isArray(value)) return false;
  for (let index = 0; index < value.length; index++) if (!test(value[index])) return false;
  return true;
}

/** Whether the known members are all that there are. */
function hasNoOther(value: object, known: number): boolean {
  let members = 0;
  for (const _ in value) members++;
  return members === known;
}
