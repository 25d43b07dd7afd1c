import type { Random } from '../document/random.ts';

/** A document and a context that multiply each other's cost. */
export interface Pathological {
  readonly kind: string;
  /** At most 4 MB. The flag is `flag`. */
  readonly text: string;
  /** At most 1 MB as JSON. */
  readonly context: Readonly<Record<string, unknown>>;
}

const DOCUMENT_BYTES = 4_000_000;
const CONTEXT_BYTES = 1_000_000;

type Make = (size: Size) => { readonly when: readonly object[]; readonly found: unknown };

/** How large a case is: a share of what fits, and how it is cut into pieces. */
interface Size {
  /** 0 to 1. */
  readonly share: number;
  /** Elements of a list in the context; 0 for a single text. */
  readonly elements: number;
  readonly characters: number;
  readonly alphabet: string;
}

/** As many conditions as fit, none of which holds. */
function many(share: number, most: number, make: (index: number) => object): object[] {
  const bytes = new TextEncoder().encode(JSON.stringify(make(1_000_000))).length + 40;
  return Array.from({ length: Math.max(1, Math.min(most, Math.floor((share * DOCUMENT_BYTES) / bytes))) }, (_, index) =>
    make(index),
  );
}

/** A list of texts, or one. */
function texts({ elements, characters, alphabet }: Size, tail = ''): unknown {
  const bytes = new TextEncoder().encode(alphabet).length;
  const count = Math.max(1, elements);
  const length = Math.max(1, Math.min(characters, Math.floor(CONTEXT_BYTES / count / bytes) - 20));
  const make = (index: number): string => alphabet.repeat(length) + (elements > 0 ? index : '') + tail;
  return elements === 0 ? make(0) : Array.from({ length: elements }, (_, index) => make(index));
}

const compare = (op: string, value: unknown, more: object = {}): object => ({ attribute: 'a', op, value, ...more });

/** Every kind of work that a context can multiply. */
const KINDS: Readonly<Record<string, Make>> = {
  contains: (size) => ({
    when: many(size.share, 9_000, (index) => compare('contains', `b${index % 10_000}`)),
    found: texts(size, 'a'),
  }),
  'contains one of many': (size) => ({
    when: [
      compare(
        'contains',
        Array.from({ length: Math.ceil(9_000 * size.share) }, (_, index) => `b${index}`),
      ),
    ],
    found: texts(size),
  }),
  'contains a long text': (size) => ({
    when: many(size.share, 90, () => compare('contains', `${size.alphabet.repeat(250)}b${size.alphabet.repeat(250)}`)),
    found: texts(size),
  }),
  startsWith: (size) => ({
    when: many(size.share, 1e6, (index) => compare('startsWith', `${size.alphabet.repeat(size.characters)}b${index}`)),
    found: texts({ ...size, characters: size.characters + 20 }),
  }),
  'endsWith ignoring case': (size) => ({
    when: many(size.share, 1e6, (index) => compare('endsWith', [`b${index}`, 'c'], { ignoreCase: true })),
    found: texts(size, 'A'),
  }),
  'equals ignoring case': (size) => ({
    when: [
      compare('equals', 'x'.repeat(Math.floor(size.share * 1_000_000)), { ignoreCase: true }),
      ...many(size.share * 0.7, 1e6, (index) => compare('equals', `x${index}`.repeat(3), { ignoreCase: true })),
    ],
    found: texts(size),
  }),
  equals: (size) => ({ when: many(size.share, 1e6, (index) => compare('equals', `b${index}`)), found: texts(size) }),
  in: (size) => ({ when: many(size.share, 1e6, (index) => compare('in', [index, 'b', true])), found: texts(size) }),
  matches: (size) => ({
    when: many(size.share, 5, () => compare('matches', `(${size.alphabet}{20}){20}b`)),
    found: texts(size),
  }),
  'patterns of classes': (size) => ({
    when: many(size.share, 6, () => compare('matches', `((\\p{L}|[^x]|\\d){25}){4}$y`)),
    found: texts(size),
  }),
  'small patterns': (size) => ({
    when: many(size.share, 700, (index) => compare('matches', `b${index % 10}?c`)),
    found: texts(size),
  }),
  atLeast: (size) => ({
    when: many(size.share, 1e6, () => compare('atLeast', 1e9)),
    found: Array.from({ length: size.elements }, (_, index) => index),
  }),
  semver: (size) => ({
    when: many(size.share, 1e6, (index) => compare('semverEquals', `1.2.3-x.${index}`)),
    found: `1.2.3-${'1.'.repeat(Math.min(1_000, size.characters))}1`,
  }),
  'semver in a list': (size) => ({
    when: many(size.share, 1e6, (index) => compare('semverAtLeast', `9.${index}.0`)),
    found: Array.from({ length: size.elements }, (_, index) => `1.2.${index}-rc.${index}`),
  }),
  before: (size) => ({
    when: many(size.share, 1e6, () => compare('before', '1970-01-01T00:00:00Z')),
    found: Array.from({ length: size.elements }, () => '2026-11-30T09:00:00.123456789+01:00'),
  }),
  inNetwork: (size) => ({
    when: many(size.share, 1e6, (index) => compare('inNetwork', [`2001:db8:${(index % 65_000).toString(16)}::/48`])),
    found: Array.from({ length: size.elements }, (_, index) => `2001:db9::${index.toString(16)}`),
  }),
  'no addresses': (size) => ({
    when: many(size.share, 1e6, () => compare('inNetwork', '10.0.0.0/8')),
    found: Array.from({ length: size.elements }, () => '1:2:3:4:5:6:7:8:9:a:b:c:d:e'),
  }),
  buckets: (size) => ({
    when: many(size.share, 1e6, (index) => ({ bucket: { by: ['b', 'a'], salt: `${index}`, from: 0, to: 1 } })),
    found: unit(size),
  }),
  'one of many networks': (size) => ({
    when: [
      compare(
        'inNetwork',
        Array.from(
          { length: Math.ceil(100_000 * size.share) },
          (_, index) => `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`,
        ),
      ),
    ],
    found: Array.from({ length: size.elements }, (_, index) => `11.0.${index >> 8}.${index & 255}`),
  }),
};

/** One unit, not a list of them. */
function unit({ characters, alphabet }: Size): string {
  return alphabet.repeat(Math.min(characters * 400, CONTEXT_BYTES / 4));
}

const SPLITS = {
  'long units': { kind: 'split', by: 'a', variants: [{ variant: 'on', weight: 1 }] },
  'long units in two variants': {
    kind: 'split',
    by: 'a',
    variants: [
      { variant: 'on', weight: 1 },
      { variant: 'on', weight: 1 },
    ],
  },
  'long units in experiments': {
    kind: 'split',
    by: 'a',
    variants: [{ variant: 'on', ranges: [[0, 100_000]] }],
    otherwise: 'off',
    experiment: { id: 'one', phase: 1 },
    layer: 'layer',
    holdout: 'holdout',
  },
} as const;

/** Long units, dealt again and again by the flags that one waits for. */
function longUnits(size: Size, kind: keyof typeof SPLITS): Pathological {
  const { share } = size;
  const count = Math.max(1, Math.floor((share * DOCUMENT_BYTES) / 350));
  const others = Array.from(
    { length: count },
    (_, index) => [`f${index}`, { type: 'boolean', fallthrough: SPLITS[kind] }] as const,
  );
  const prerequisites = others.map(([flag]) => ({ flag, variants: ['on'] }));
  return {
    kind,
    text: JSON.stringify({
      schemaVersion: 1,
      flags: { ...Object.fromEntries(others), flag: { type: 'boolean', prerequisites, fallthrough: 'on' } },
      layers: { layer: { by: 'a', slots: { one: [[0, 100_000]] } } },
      holdouts: { holdout: { by: 'a', percentage: 0 } },
    }),
    context: { a: unit(size) },
  };
}

/** Deep paths into a deep context. */
function deepPaths({ share, characters }: Size): Pathological {
  const levels = characters * 10;
  let context: Record<string, unknown> = { b: 1 };
  for (let level = 0; level < levels; level++) context = { a: context };
  const attribute = 'a.'.repeat(levels);
  return {
    kind: 'deep paths',
    ...flagOf(many(share, 1e6, (index) => ({ attribute: `${attribute}${index}`, op: 'exists' }))),
    context,
  };
}

function flagOf(when: readonly object[]): { readonly text: string } {
  const rules = when.map((one) => ({ when: one, serve: 'on' }));
  return {
    text: JSON.stringify({ schemaVersion: 1, flags: { flag: { type: 'boolean', rules, fallthrough: 'off' } } }),
  };
}

/** A case of a kind, as large as can be or as `random` will have it. */
export function pathological(
  random: Random,
  kind = random.pick(PATHOLOGICAL_KINDS),
  share = random.next(),
): Pathological {
  const size: Size = {
    share,
    elements: random.pick([0, 1, 30, 999, 1_000, 1_500]),
    characters: random.pick([1, 40, 500, 1_900]),
    alphabet: random.pick(['a', 'é', 'Ω', 'A', 'İ', '用']),
  };
  if (kind in SPLITS) return longUnits(size, kind as keyof typeof SPLITS);
  if (kind === 'deep paths') return deepPaths(size);
  const { when, found } = KINDS[kind]!(size);
  return { kind, ...flagOf(when), context: { a: found } };
}

export const PATHOLOGICAL_KINDS: readonly string[] = [...Object.keys(KINDS), ...Object.keys(SPLITS), 'deep paths'];
