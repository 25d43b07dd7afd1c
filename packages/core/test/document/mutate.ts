import type { Random } from './random.ts';

const STRANGE: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  101,
  1.5,
  '',
  'x',
  'on',
  'segment',
  [],
  [[]],
  {},
  { kind: 'split' },
  { kind: 'new' },
  '2026-02-30T00:00:00Z',
  '1.2',
  '01.2.3',
  '10.0.0.0/33',
  { all: [] },
  [[0, 10]],
  [5, 5],
  [10, 2_000_000],
  'continue',
  ['userId', 'userId'],
  { id: 'alone', phase: 1 },
];
const STRANGE_NAMES = [
  'x',
  '',
  '__proto__',
  'status',
  'type',
  'variants',
  'value',
  'op',
  'kind',
  'segment',
  'until',
  'hash',
  'weight',
  'ranges',
  'of',
  'by',
  'gaps',
  'otherwise',
  'experiment',
  'layer',
  'holdout',
  'bucket',
  'flag',
];
/** Words that some part has, for parts that have others. */
const WORDS_ELSEWHERE = [
  'from',
  'until',
  'onAt',
  'at',
  'percentage',
  'points',
  'keys',
  'flag',
  'salt',
  'when',
  'include',
  'all',
  'bucket',
  'ranges',
  'otherwise',
  'slots',
];

/** Changes one place of a document: another value, one member less, one more, or one under another name. */
export function mutate(random: Random, root: unknown): unknown {
  const places: { readonly parent: Record<string, unknown>; readonly name: string }[] = [];
  const collect = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const name of Object.keys(value)) {
      places.push({ parent: value as Record<string, unknown>, name });
      collect((value as Record<string, unknown>)[name]);
    }
  };
  collect(root);
  const { parent, name } = random.pick(places);
  const put = (at: string, value: unknown): unknown =>
    Object.defineProperty(parent, at, { value, enumerable: true, configurable: true, writable: true });
  switch (random.integer(5)) {
    case 0:
      if (Array.isArray(parent)) parent.splice(Number(name), 1);
      else delete parent[name];
      break;
    case 1:
      if (Array.isArray(parent)) parent.push(structuredClone(random.pick(STRANGE)));
      else put(random.pick(STRANGE_NAMES), structuredClone(random.pick(STRANGE)));
      break;
    case 2: {
      if (Array.isArray(parent)) break;
      const value = parent[name];
      delete parent[name];
      put(random.pick([`${name}s`, ...WORDS_ELSEWHERE]), value);
      break;
    }
    default:
      put(name, structuredClone(random.pick(STRANGE)));
  }
  return root;
}
