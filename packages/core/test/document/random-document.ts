import type { Condition, FlagDefinition, LongFlag, OperatorName, Serve, ShortFlag } from '../../src/document/types.ts';
import type { Random } from './random.ts';

/** Names, keys and values that also hold what has broken flag systems. */
export const KEYS = ['a', 'u1', '7', 'Zoë', '用户', '👩‍⚕️', '__proto__', 'constructor', 'a b', '\ud800', ''] as const;
export const ATTRIBUTES = [
  'country',
  'plan',
  'version',
  'age',
  'ip',
  'at',
  'tags',
  'user.plan',
  'targetingKey',
  'userId',
  'constructor',
  '__proto__',
] as const;
export const TEXTS = [
  '',
  'DE',
  'de',
  'pro',
  'a@example.com',
  '1.2.3',
  '1.2.3-rc.1',
  '10.1.2.3',
  '2026-11-30T09:00:00Z',
  'constructor',
] as const;
const NAMES = ['on', 'off', 'third', '__proto__', 'constructor', 'toString'] as const;
const INSTANTS = [
  '2026-01-01T00:00:00Z',
  '2026-06-01T00:00:00+02:00',
  '2026-11-30T09:00:00.250Z',
  '2027-01-01T00:00Z',
] as const;
const VERSIONS = ['0.0.1', '1.2.3', '1.2.3-rc.1', '10.0.0+build.5'] as const;
const NETWORKS = ['10.0.0.0/8', '2001:db8::/32', '::1', '192.168.1.1'] as const;
const PATTERNS = ['^a+$', '(x|y)*z', '[a-z]{2,3}@', '\\d+\\.\\d+', ''] as const;

function randomCondition(random: Random, segments: readonly string[], depth = 3): Condition {
  const kind =
    depth === 0 ? 'compare' : random.pick(['compare', 'compare', 'compare', 'all', 'any', 'not', 'segment'] as const);
  const inner = (): Condition => randomCondition(random, segments, depth - 1);
  switch (kind) {
    case 'all':
      return { all: random.several(3, inner) };
    case 'any':
      return { any: random.several(3, inner) };
    case 'not':
      return { not: inner() };
    case 'segment':
      return segments.length > 0 ? { segment: random.pick(segments) } : inner();
    case 'compare':
      return randomComparison(random);
  }
}

function randomComparison(random: Random): Condition {
  const attribute = random.pick(ATTRIBUTES);
  const ignoreCase = random.chance(0.2) ? { ignoreCase: random.chance(0.5) } : {};
  const text = (): string => random.pick(TEXTS);
  const scalar = (): string | number | boolean => random.pick([text(), random.integer(5), 1.5, true, false]);
  const oneOrMore = <T>(make: () => T): T | T[] => (random.chance(0.5) ? make() : random.several(3, make));
  const op = random.pick<OperatorName>([
    'exists',
    'equals',
    'in',
    'contains',
    'startsWith',
    'endsWith',
    'matches',
    'lessThan',
    'atMost',
    'greaterThan',
    'atLeast',
    'before',
    'after',
    'semverEquals',
    'semverLessThan',
    'semverAtMost',
    'semverGreaterThan',
    'semverAtLeast',
    'inNetwork',
  ]);
  switch (op) {
    case 'exists':
      return { attribute, op };
    case 'equals':
      return { attribute, op, value: scalar(), ...ignoreCase };
    case 'in':
      return { attribute, op, value: random.several(4, scalar), ...ignoreCase };
    case 'contains':
    case 'startsWith':
    case 'endsWith':
      return { attribute, op, value: oneOrMore(text), ...ignoreCase };
    case 'matches':
      return { attribute, op, value: random.pick(PATTERNS), ...ignoreCase };
    case 'lessThan':
    case 'atMost':
    case 'greaterThan':
    case 'atLeast':
      return { attribute, op, value: random.pick([-1, 0, 1.5, 18, 1e300]) };
    case 'before':
    case 'after':
      return { attribute, op, value: random.pick(INSTANTS) };
    case 'inNetwork':
      return { attribute, op, value: oneOrMore(() => random.pick(NETWORKS)) };
    default:
      return { attribute, op, value: random.pick(VERSIONS) };
  }
}

function randomServe(random: Random, variants: readonly string[]): Serve {
  const variant = (): string => random.pick(variants);
  const dealing = {
    ...(random.chance(0.3) && { by: random.pick(ATTRIBUTES) }),
    ...(random.chance(0.2) && { salt: random.pick(TEXTS) }),
    ...(random.chance(0.1) && { hash: 'murmur3' as const }),
  };
  switch (random.pick(['variant', 'variant', 'null', 'split', 'ramp'] as const)) {
    case 'variant':
      return variant();
    case 'null':
      return null;
    case 'split':
      return {
        kind: 'split',
        ...dealing,
        variants: [
          { variant: variant(), weight: 1 + random.integer(99) },
          ...random.several(3, () => ({ variant: variant(), weight: random.integer(100) / 3 })),
        ],
      };
    case 'ramp': {
      const points = INSTANTS.slice(0, 1 + random.integer(INSTANTS.length)).map((at, index) => ({
        at,
        percentage: index * 30,
      }));
      const pauses = random.pick([[], [{ from: INSTANTS[0], until: INSTANTS[1] }], [{ from: INSTANTS[1] }]]);
      return {
        kind: 'ramp',
        ...dealing,
        variant: variant(),
        otherwise: random.chance(0.3) ? null : variant(),
        curve: random.pick(['steps', 'linear'] as const),
        points,
        ...(random.chance(0.5) && { pauses }),
      };
    }
  }
}

function randomFlag(random: Random, earlier: readonly string[], segments: readonly string[]): FlagDefinition {
  const shared = {
    ...(random.chance(0.2) && { description: 'why' }),
    ...(random.chance(0.2) && { metadata: { owner: 'team', nested: { list: [1, null, 'x'] } } }),
    ...(random.chance(0.3) && { clientVisible: random.chance(0.5) }),
    ...(random.chance(0.2) && { salt: random.pick(TEXTS) }),
    ...(random.chance(0.2) && {
      schedule: random.pick([
        {},
        { onAt: INSTANTS[0] },
        { offAt: INSTANTS[2] },
        { onAt: INSTANTS[0], offAt: INSTANTS[3] },
      ]),
    }),
  };
  if (random.chance(0.4)) {
    return {
      ...shared,
      status: random.pick(['enabled', 'disabled', 'beta', 'canary'] as const),
      ...(random.chance(0.7) && { rolloutPercentage: random.pick([0, 0.001, 33.3, 50, 100]) }),
      ...(random.chance(0.7) && { betaUsers: random.several(4, () => random.pick([...KEYS, 7, 0])) }),
    } satisfies ShortFlag;
  }
  const type = random.pick(['boolean', 'string', 'number', 'object'] as const);
  const value = {
    boolean: [true, false],
    string: TEXTS,
    number: [0, -1.5, 1e9],
    object: [{}, [], { a: [1, { b: null }] }],
  }[type];
  const named = type !== 'boolean' || random.chance(0.3);
  const names = named ? NAMES.slice(0, 1 + random.integer(NAMES.length)) : ['on', 'off'];
  const variants = Object.fromEntries(names.map((name) => [name, random.pick<unknown>(value)])) as NonNullable<
    LongFlag['variants']
  >;
  const prerequisites =
    earlier.length > 0 && random.chance(0.3) ? [{ flag: random.pick(earlier), variants: [] as string[] }] : [];
  return {
    ...shared,
    type,
    ...(random.chance(0.3) && { enabled: random.chance(0.7) }),
    // Object.fromEntries makes __proto__ a property like any other.
    ...(named && { variants }),
    ...(random.chance(0.3) && { offVariant: random.chance(0.3) ? null : random.pick(names) }),
    ...(random.chance(0.5) && { prerequisites }),
    ...(random.chance(0.4) && {
      targets: random.several(2, () => ({
        variant: random.pick(names),
        keys: random.several(3, () => random.pick([...KEYS, 7])),
      })),
    }),
    ...(random.chance(0.7) && {
      rules: random.several(3, () => ({
        ...(random.chance(0.3) && { id: 'rule' }),
        when: randomCondition(random, segments),
        serve: randomServe(random, names),
      })),
    }),
    fallthrough: randomServe(random, names),
  };
}

/** A document that the decoder accepts. */
export function randomDocument(random: Random): Record<string, unknown> {
  const segments: Record<string, unknown> = {};
  const names: string[] = [];
  for (const name of ['staff', 'constructor', 'inner'].slice(0, random.integer(4))) {
    segments[name] = {
      ...(random.chance(0.5) && { include: random.several(3, () => random.pick([...KEYS, 7])) }),
      ...(random.chance(0.3) && { exclude: random.several(3, () => random.pick(KEYS)) }),
      ...(random.chance(0.8) && { when: randomCondition(random, names, 2) }),
    };
    names.push(name);
  }
  const flags: Record<string, FlagDefinition> = Object.create(null) as Record<string, FlagDefinition>;
  const keys = ['first', 'second', '__proto__', 'constructor', 'ünï', 'x y'].slice(0, 1 + random.integer(6));
  for (const [index, key] of keys.entries()) flags[key] = randomFlag(random, keys.slice(0, index), names);
  return {
    schemaVersion: 1,
    ...(random.chance(0.3) && { environment: 'test' }),
    flags,
    ...(random.chance(0.8) || names.length > 0 ? { segments } : {}),
  };
}
