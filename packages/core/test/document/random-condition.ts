import type { Bucketing, Condition, OperatorName } from '../../src/document/types.ts';
import { randomBuckets, randomUnit } from './random-dealing.ts';
import type { Random } from './random.ts';
import { ATTRIBUTES, INSTANTS, NETWORKS, PATTERNS, TEXTS, VERSIONS } from './random-words.ts';

/** What conditions may refer to: entries that were drawn before, so that nothing goes in a circle. */
export interface Known {
  readonly segments: readonly string[];
  /** The names of the variants of each flag. */
  readonly flags: ReadonlyMap<string, readonly string[]>;
}

export function randomCondition(random: Random, known: Known, depth = 3): Condition {
  const kind =
    depth === 0
      ? random.pick(['compare', 'compare', 'bucket'] as const)
      : random.pick(['compare', 'compare', 'compare', 'all', 'any', 'not', 'segment', 'bucket', 'flag'] as const);
  const inner = (): Condition => randomCondition(random, known, depth - 1);
  switch (kind) {
    case 'all':
      return { all: random.several(3, inner) };
    case 'any':
      return { any: random.several(3, inner) };
    case 'not':
      return { not: inner() };
    case 'segment':
      return known.segments.length > 0 ? { segment: random.pick(known.segments) } : inner();
    case 'bucket':
      return { bucket: randomBucketing(random) };
    case 'flag':
      return known.flags.size > 0 ? randomAnswer(random, known) : inner();
    case 'compare':
      return randomComparison(random);
  }
}

/** What another flag is to serve, as prerequisites and conditions ask for it. */
export function randomAnswer(random: Random, { flags }: Known): { flag: string; variants: readonly string[] } {
  const [flag, names] = random.pick([...flags]);
  return { flag, variants: random.several(3, () => random.pick(names)) };
}

function randomBucketing(random: Random): Bucketing {
  const { of, buckets } = randomBuckets(random);
  const from = random.integer(buckets);
  return {
    ...randomUnit(random),
    salt: random.pick([...TEXTS, 'first', 'second']),
    ...of,
    from,
    to: random.chance(0.3) ? buckets : from + 1 + random.integer(buckets - from),
  };
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
