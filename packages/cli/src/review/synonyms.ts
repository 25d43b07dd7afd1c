import type { OperatorName } from '@clarity/flags-core/document';
import { nearest } from '../nearest.ts';

/** What other systems, and other words of English, call the members of a document. */
const MEMBERS: Readonly<Record<string, readonly string[]>> = {
  status: ['state', 'enabled', 'active', 'on', 'value'],
  rolloutPercentage: ['percentage', 'percent', 'rollout', 'weight', 'share'],
  betaUsers: ['users', 'userIds', 'testers', 'allowlist', 'whitelist', 'targets'],
  enabled: ['on', 'active', 'status', 'state'],
  variants: ['variations', 'values', 'options'],
  fallthrough: ['default', 'defaultVariant', 'defaultValue', 'defaultRule', 'otherwise', 'else', 'serve'],
  offVariant: ['off', 'offVariation', 'disabledVariant'],
  prerequisites: ['requires', 'dependsOn', 'dependencies', 'parents'],
  targets: ['users', 'overrides', 'individuals', 'betaUsers'],
  rules: ['targeting', 'strategies', 'conditions'],
  schedule: ['scheduled', 'window', 'activeFrom'],
  onAt: ['start', 'startAt', 'startsAt', 'from', 'begin', 'since'],
  offAt: ['end', 'endAt', 'endsAt', 'until', 'to', 'expires'],
  when: ['if', 'condition', 'conditions', 'match', 'query', 'clauses'],
  serve: ['then', 'variant', 'variation', 'value', 'result', 'return'],
  attribute: ['attr', 'key', 'property', 'field', 'name', 'contextName'],
  op: ['operator', 'operation', 'comparator', 'cmp', 'is'],
  value: ['values', 'operand', 'to', 'with'],
  all: ['and', 'every', 'allOf'],
  any: ['or', 'some', 'anyOf', 'oneOf'],
  keys: ['users', 'values', 'ids', 'userIds', 'targetingKeys'],
  variant: ['variation', 'serve', 'value', 'name'],
  weight: ['percentage', 'percent', 'share', 'rollout'],
  percentage: ['weight', 'percent', 'share', 'value', 'rolloutPercentage'],
  at: ['when', 'time', 'date', 'on'],
  include: ['included', 'users', 'members', 'keys'],
  exclude: ['excluded', 'except', 'without'],
  until: ['to', 'end'],
  from: ['at', 'start', 'since', 'min'],
  to: ['until', 'end', 'max', 'upTo'],
  points: ['steps', 'stages', 'schedule'],
  by: ['bucketBy', 'unit', 'stickiness', 'attribute'],
  flag: ['key', 'name', 'flagKey', 'feature', 'prerequisite'],
  bucket: ['buckets', 'percentage', 'percent', 'rollout'],
  ranges: ['buckets', 'allocation', 'allocations', 'slots'],
  of: ['buckets', 'bucketCount', 'total', 'outOf'],
  otherwise: ['else', 'default', 'rest', 'others', 'remaining', 'fallback'],
  gaps: ['onGap', 'outside'],
  experiment: ['test', 'abTest', 'trial'],
  id: ['name', 'key', 'experimentId'],
  phase: ['version', 'iteration', 'stage', 'round'],
  layer: ['namespace', 'group', 'mutex', 'exclusionGroup'],
  holdout: ['holdback', 'exclude'],
  slots: ['experiments', 'slices', 'ranges', 'allocations'],
  salt: ['seed', 'bucketingSeed'],
  hash: ['algorithm', 'hashFunction', 'hashVersion'],
  metadata: ['meta', 'tags', 'labels', 'owner'],
  description: ['comment', 'desc', 'note', 'title', '_comment', '//'],
};

/** The same of operators. */
const OPERATORS: Readonly<Record<OperatorName, readonly string[]>> = {
  equals: ['==', '=', '===', 'eq', 'is', 'equalTo'],
  in: ['oneOf', 'anyOf', 'within', 'isOneOf'],
  contains: ['includes', 'like', 'has'],
  startsWith: ['prefix', 'beginsWith', '^='],
  endsWith: ['suffix', '$='],
  matches: ['regex', 'regexp', 'match', '~', '=~', 'pattern'],
  lessThan: ['<', 'lt', 'less', 'below'],
  atMost: ['<=', 'lte', 'le', 'max'],
  greaterThan: ['>', 'gt', 'greater', 'above', 'moreThan'],
  atLeast: ['>=', 'gte', 'ge', 'min'],
  before: ['earlier', 'until', 'dateBefore'],
  after: ['later', 'since', 'dateAfter'],
  semverEquals: ['semverEq', 'versionEquals', 'semver'],
  semverLessThan: ['semverLt', 'versionLessThan'],
  semverAtMost: ['semverLte', 'versionAtMost'],
  semverGreaterThan: ['semverGt', 'versionGreaterThan'],
  semverAtLeast: ['semverGte', 'versionAtLeast'],
  inNetwork: ['cidr', 'ip', 'inCidr', 'ipInRange', 'subnet'],
  exists: ['present', 'isSet', 'defined', 'notNull'],
};

/** The same of all words that members are given. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  ...OPERATORS,
  enabled: ['on', 'true', 'active', 'live', 'released'],
  disabled: ['off', 'false', 'inactive', 'archived'],
  canary: ['rollout', 'percentage', 'gradual', 'partial'],
  beta: ['testing', 'preview', 'users'],
  boolean: ['bool', 'flag', 'toggle'],
  number: ['int', 'integer', 'float', 'double', 'numeric'],
  string: ['text', 'str'],
  object: ['json', 'list', 'array', 'map'],
  split: ['weighted', 'rollout', 'percentage', 'experiment'],
  ramp: ['gradual', 'progressive', 'scheduled'],
  steps: ['step', 'stairs'],
  linear: ['smooth', 'even'],
  continue: ['goOn', 'next', 'nextRule', 'skip', 'fallthrough'],
  murmur3: ['murmur', 'murmurhash', 'murmur32', 'murmurhash3'],
};

/**
 * The allowed member that was most likely meant: a slip of the hand, or what it is called elsewhere. One that `around`
 * has already is meant only where no other one is.
 */
export function memberMeant(found: string, allowed: readonly string[], around: unknown): string | undefined {
  const absent = allowed.filter((word) => !Object.hasOwn(Object(around) as object, word));
  return meant(found, absent, MEMBERS) ?? meant(found, allowed, MEMBERS);
}

/** The same of a word. */
export function wordMeant(found: string, allowed: readonly string[]): string | undefined {
  return meant(found, allowed, WORDS);
}

/** The same of an operator. */
export function operatorMeant(found: string): string | undefined {
  return meant(found, Object.keys(OPERATORS), OPERATORS);
}

function meant(
  found: string,
  allowed: readonly string[],
  synonyms: Readonly<Record<string, readonly string[]>>,
): string | undefined {
  const wanted = found.toLowerCase();
  // First, because "and" is one letter from "any".
  const called = allowed.find((word) => synonyms[word]?.some((other) => other.toLowerCase() === wanted));
  return called ?? nearest(found, allowed);
}
