/** The form of a flag document, as `schema/flags.schema.json` states it too. What names refer to is looked at in references.ts. */
import { be, type Check, dictionary, Inspection, isObject, list, record, word } from './inspection.ts';
import { isInstantForm } from './instant.ts';
import { type OperandKind, OPERATORS } from './operators.ts';
import { parseSemanticVersion } from './semantic-version.ts';

/** How deeply conditions, and values in variants and metadata, may nest. */
export const MAX_DEPTH = 32;

const text = be('text', (value) => typeof value === 'string');
const name = be('text that is not empty', (value) => typeof value === 'string' && value !== '');
const boolean = be('true or false', (value) => typeof value === 'boolean');
const number = be('a number', Number.isFinite);
const percentage = be('a number from 0 to 100', (value) => (value as number) >= 0 && (value as number) <= 100 && Number.isFinite(value));
const weight = be('a number from 0', (value) => Number.isFinite(value) && (value as number) >= 0);
const instant = be('an instant like "2026-11-01T09:00:00Z"', (value) => typeof value === 'string' && isInstantForm(value));
const version = be('a version like "1.2.3"', (value) => typeof value === 'string' && parseSemanticVersion(value) !== undefined);
const network = be('a network like "10.0.0.0/8"', (value) => typeof value === 'string' && /^[\da-fA-F:.]+(\/\d+)?$/.test(value));
const scalar = be('text, a number, true or false', (value) => typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value));
const keys = list(be('text or an integer', (value) => typeof value === 'string' || Number.isSafeInteger(value)));
const oneOrMore =
  (check: Check): Check =>
  (value, at, depth) =>
    (Array.isArray(value) ? list(check) : check)(value, at, depth);
const orNull =
  (check: Check): Check =>
  (value, at, depth) => {
    if (value !== null) check(value, at, depth);
  };

const json: Check = (value, at, depth) => jsonWithin(value, at, depth, MAX_DEPTH);
function jsonWithin(value: unknown, at: Inspection, depth: number, left: number): void {
  if (typeof value !== 'object' || value === null) return;
  if (left === 0) {
    at.report(depth, value, `nesting up to ${MAX_DEPTH}`);
    return;
  }
  for (const key of Object.keys(value)) {
    at.step(depth + 1, Array.isArray(value) ? Number(key) : key);
    jsonWithin((value as Record<string, unknown>)[key], at, depth + 1, left - 1);
  }
}
const metadata: Check = (value, at, depth) => {
  if (isObject(value)) json(value, at, depth);
  else at.report(depth, value, 'an object');
};

// Conditions

const OPERANDS: Readonly<Record<OperandKind, Check | undefined>> = {
  none: undefined,
  scalar,
  scalars: list(scalar),
  texts: oneOrMore(text),
  pattern: text,
  number,
  instant,
  version,
  networks: oneOrMore(network),
};
const FOLDING: ReadonlySet<string> = new Set(['scalar', 'scalars', 'texts', 'pattern']);
const comparisons = new Map<string, Check>();
for (const [op, kind] of OPERATORS) {
  const value = OPERANDS[kind];
  comparisons.set(op, record({ attribute: name, op: text, ...(value && { value }), ...(FOLDING.has(kind) && { '?ignoreCase': boolean }) }));
}
const comparison = word(...OPERATORS.keys());

function condition(value: unknown, at: Inspection, depth: number, left = MAX_DEPTH): void {
  if (!isObject(value)) {
    at.report(depth, value, 'a condition');
    return;
  }
  if (left === 0) {
    at.report(depth, value, `nesting up to ${MAX_DEPTH}`);
    return;
  }
  const inner: Check = (child, at, depth) => condition(child, at, depth, left - 1);
  if (Object.hasOwn(value, 'attribute')) {
    const known = comparisons.get(value['op'] as string);
    if (known !== undefined) known(value, at, depth);
    else {
      at.step(depth + 1, 'op');
      comparison(value['op'], at, depth + 1);
    }
  } else if (Object.hasOwn(value, 'all')) record({ all: list(inner) })(value, at, depth);
  else if (Object.hasOwn(value, 'any')) record({ any: list(inner) })(value, at, depth);
  else if (Object.hasOwn(value, 'not')) record({ not: inner })(value, at, depth);
  else if (Object.hasOwn(value, 'segment')) record({ segment: name })(value, at, depth);
  else at.unknown(depth, value, 'attribute, all, any, not or segment');
}
const when: Check = (value, at, depth) => condition(value, at, depth);

// Ways to serve

const dealing = { kind: text, '?by': name, '?salt': text, '?hash': word('murmur3') };
const split = record({
  ...dealing,
  variants: (value, at, depth) => {
    list(record({ variant: name, weight }))(value, at, depth);
    if (Array.isArray(value) && !value.some((one) => isObject(one) && (one['weight'] as number) > 0)) {
      at.report(depth, value, 'a list with at least one weight above 0');
    }
  },
});
const ramp = record({
  ...dealing,
  variant: name,
  otherwise: orNull(name),
  curve: word('steps', 'linear'),
  points: list(record({ at: instant, percentage }), 1),
  '?pauses': list(record({ from: instant, '?until': instant })),
});
const serve: Check = (value, at, depth) => {
  if (value === null) return;
  if (!isObject(value)) name(value, at, depth);
  else if (value['kind'] === 'split') split(value, at, depth);
  else if (value['kind'] === 'ramp') ramp(value, at, depth);
  else {
    at.step(depth + 1, 'kind');
    word('split', 'ramp')(value['kind'], at, depth + 1);
  }
};

// Flags

const shared = {
  '?description': text,
  '?metadata': metadata,
  '?clientVisible': boolean,
  '?salt': text,
  '?schedule': record({ '?onAt': instant, '?offAt': instant }),
};
const shortFlag = record({
  ...shared,
  status: word('enabled', 'disabled', 'beta', 'canary'),
  '?rolloutPercentage': percentage,
  '?betaUsers': keys,
});
const VALUES: Readonly<Record<string, Check>> = { boolean, string: text, number, object: be('an object or a list', (value) => typeof value === 'object' && value !== null) };
const longFlag = record({
  ...shared,
  type: word('boolean', 'string', 'number', 'object'),
  '?enabled': boolean,
  '?variants': dictionary(json),
  '?offVariant': orNull(name),
  '?prerequisites': list(record({ flag: name, variants: list(name) })),
  '?targets': list(record({ variant: name, keys })),
  '?rules': list(record({ '?id': text, '?description': text, when, serve })),
  fallthrough: serve,
});

export function checkFlag(value: unknown, at: Inspection, depth: number): void {
  if (!isObject(value) || !('type' in value)) {
    shortFlag(value, at, depth);
    return;
  }
  longFlag(value, at, depth);
  const { type, variants } = value;
  if (variants === undefined) {
    if (type !== 'boolean' && at.newer === undefined) {
      at.step(depth + 1, 'variants');
      at.report(depth + 1, undefined, 'a value');
    }
  } else if (isObject(variants) && typeof type === 'string' && Object.hasOwn(VALUES, type)) {
    at.step(depth + 1, 'variants');
    dictionary(VALUES[type]!)(variants, at, depth + 1);
  }
}

export const checkSegment: Check = record({ '?description': text, '?include': keys, '?exclude': keys, '?when': when });

/** The members of a document beside its flags and segments. Others, which a newer version may write, are ignored. */
export const checkSchemaVersion = be('1', (value) => value === 1);
export const checkEnvironment = text;
