// In what two documents differ in their ranges, experiments, layers and holdouts.
import type {
  BucketRange,
  FlagDefinition,
  FlagDocument,
  Holdout,
  Layer,
  LongFlag,
  RangedSplit,
  Serve,
  WeightedSplit,
} from '@clarity/flags-core/document';
import { describe, expect, it } from 'vitest';
import { diff } from '../../src/index.ts';

const AT_MS = Date.parse('2026-12-04T10:00:00Z');
type Flags = FlagDocument['flags'];
const document = (flags: Flags, rest: Partial<FlagDocument> = {}): FlagDocument => ({
  schemaVersion: 1,
  flags,
  ...rest,
});
const pages = (fallthrough: Serve, more: Partial<LongFlag> = {}): LongFlag => ({
  type: 'string',
  variants: { control: 'two', one_page: 'one' },
  fallthrough,
  ...more,
});
const split = (control: BucketRange[], onePage: BucketRange[], more: Partial<RangedSplit> = {}): RangedSplit => ({
  kind: 'split',
  variants: [
    { variant: 'control', ranges: control },
    { variant: 'one_page', ranges: onePage },
  ],
  otherwise: 'control',
  ...more,
});
const experiment = (phase: number, id = 'one-page'): Partial<RangedSplit> => ({ experiment: { id, phase } });
/** Without the line of the whole flag. */
const told = (before: FlagDefinition, after: FlagDefinition): readonly string[] =>
  diff(document({ x: before }), document({ x: after }), AT_MS)
    .flatMap(({ words }) => words)
    .filter((line) => !line.startsWith('was '));
const moves = (before: Serve, after: Serve): readonly string[] => told(pages(before), pages(after));

const small: [BucketRange[], BucketRange[]] = [[[0, 5000]], [[5000, 10_000]]];
const large: [BucketRange[], BucketRange[]] = [
  [
    [0, 5000],
    [10_000, 15_000],
  ],
  [
    [5000, 10_000],
    [15_000, 20_000],
  ],
];
const swapped: [BucketRange[], BucketRange[]] = [[[5000, 10_000]], [[0, 5000]]];

describe('an experiment that changes', () => {
  it.each<[string, Serve, Serve, readonly string[]]>([
    [
      'grows and moves nobody between arms',
      split(...small, experiment(1)),
      split(...large, experiment(2)),
      ['experiment one-page: phase 1 becomes 2', '10 % of users move, none from arm to arm'],
    ],
    [
      'moves users between arms within its phase',
      split(...small, experiment(1)),
      split(...swapped, experiment(1)),
      ['10 % of users move, 10 % from arm to arm, and the phase stays 1'],
    ],
    [
      'begins a phase and moves nobody',
      split(...small, experiment(1)),
      split(...small, experiment(2)),
      ['experiment one-page: phase 1 becomes 2', 'nobody moves'],
    ],
    [
      'is dealt anew',
      split(...small, { ...experiment(1), salt: 'a' }),
      split(...large, { ...experiment(2), salt: 'b' }),
      ['experiment one-page: phase 1 becomes 2', 'users are dealt anew: who has what changes'],
    ],
    [
      'counts other units than users',
      split(...small, { ...experiment(1), by: 'companyId' }),
      split(...large, { ...experiment(2), by: ['companyId'] }),
      ['experiment one-page: phase 1 becomes 2', '10 % by companyId move, none from arm to arm'],
    ],
    [
      'grows for those whom layer and holdout let in',
      split(...small, { ...experiment(1), layer: 'l', holdout: 'h' }),
      split(...large, { ...experiment(2), layer: 'l', holdout: 'h' }),
      [
        'experiment one-page: phase 1 becomes 2',
        '10 % of users in its slot and not held out move, none from arm to arm',
      ],
    ],
    ['goes into a layer', split(...small, experiment(1)), split(...large, { ...experiment(1), layer: 'l' }), []],
    ['makes way for another', split(...small, experiment(1)), split(...swapped, experiment(1, 'next')), []],
    ['ends, and its arms stay', split(...small, experiment(1)), split(...small), []],
    ['ends for all', split(...small, experiment(1)), 'one_page', []],
  ])('%s', (_, before, after, words) => {
    expect(moves(before, after)).toEqual(words);
  });

  it('is told in the words of its whole flag first', () => {
    const [difference] = diff(
      document({ x: pages(split(...small, experiment(1))) }),
      document({ x: pages(split(...large, experiment(2))) }),
      AT_MS,
    );
    expect(difference?.words[0]).toBe(
      'was experiment one-page, phase 1: 5 % control, 5 % one_page, others control; becomes experiment one-page, phase 2: 10 % control, 10 % one_page, others control',
    );
    expect(difference).not.toHaveProperty('question');
  });
});

describe('ranges that change', () => {
  const weights: WeightedSplit = {
    kind: 'split',
    variants: [
      { variant: 'control', weight: 95 },
      { variant: 'one_page', weight: 5 },
    ],
  };
  it.each<[string, Serve, Serve, readonly string[]]>([
    ['for some users', split(...small), split(...large), ['5 % of users get another answer']],
    ['for as many others', split(...small), split(...swapped), ['10 % of users get another answer']],
    [
      'from weights, for nobody',
      weights,
      split([], [[95_000, 100_000]]),
      ['is written in another way; its answers stay'],
    ],
    [
      'in how they are written',
      split(...small),
      split(
        [
          [0, 2000],
          [2000, 5000],
        ],
        [[5000, 10_000]],
      ),
      ['is written in another way; its answers stay'],
    ],
    ['to a fallback', split(...small), split(...small, { otherwise: null }), ['90 % of users get another answer']],
    [
      'in how many buckets there are',
      split(...small),
      split([[0, 5]], [[5, 10]], { of: 100 }),
      ['is written in another way; its answers stay'],
    ],
    ['into an experiment', split(...small), split(...large, experiment(1)), ['5 % of users get another answer']],
    ['in their salt', split(...small), split(...large, { salt: 's' }), ['users are dealt anew: who has what changes']],
  ])('%s', (_, before, after, words) => {
    expect(moves(before, after)).toEqual(words);
  });

  it('in a rule are told with the rule, and those that go on as such', () => {
    const goesOn = (to: number): RangedSplit => {
      const { otherwise: _, ...rest } = split([[0, 1000]], [[1000, to]]);
      return { ...rest, gaps: 'continue' };
    };
    const gate = (serve: Serve): FlagDefinition =>
      pages('control', { rules: [{ id: 'gate', when: { all: [] }, serve }] });
    expect(told(gate(goesOn(2000)), gate(goesOn(3000)))).toEqual([
      'rule gate was where always: 1 % control, 1 % one_page, others go on; becomes where always: 1 % control, 2 % one_page, others go on; 1 % of users move, or go on to the next rule',
    ]);
    expect(told(gate(split(...small)), gate(split(...swapped)))).toEqual([
      'rule gate: 10 % of users get another answer',
    ]);
  });
});

describe('a layer', () => {
  const flags = (...ids: string[]): Flags =>
    Object.fromEntries(
      ids.map((id) => [`flag_${id}`, pages(split(...small, { ...experiment(1, id), layer: 'checkout' }))]),
    );
  const between = (before?: Layer, after?: Layer, running: readonly string[] = [], then = running) =>
    diff(
      document(flags(...running), before && { layers: { checkout: before } }),
      document(flags(...then), after && { layers: { checkout: after } }),
      AT_MS,
    ).filter(({ of }) => of === 'layer');
  const layer = (one: number, two: number, more: Partial<Layer> = {}): Layer => ({
    slots: { one: [[0, one]], ...(two > one && { two: [[one, two]] }) },
    ...more,
  });

  it('comes and goes with its slots', () => {
    expect(between(undefined, layer(50_000, 80_000))).toEqual([
      { of: 'layer', key: 'checkout', change: 'added', words: ['50 % of users for one, 30 % for two'] },
    ]);
    expect(between(layer(50_000, 0, { by: 'companyId' }), undefined)).toEqual([
      { of: 'layer', key: 'checkout', change: 'removed', words: ['was 50 % by companyId for one'] },
    ]);
    expect(between({ slots: {} }, undefined)).toMatchObject([{ words: ['was no slot'] }]);
  });

  it.each<[string, Layer, Layer, readonly string[]]>([
    ['a slot shrinks', layer(50_000, 0), layer(30_000, 0), ['slot one was 50 % of users; becomes 30 %']],
    ['a slot comes', layer(50_000, 0), layer(50_000, 80_000), ['slot two is new: 30 % of users']],
    ['a slot goes', layer(50_000, 80_000), layer(50_000, 0), ['slot two is gone: was 30 % of users']],
    [
      'the border of two moves',
      layer(50_000, 80_000),
      layer(40_000, 80_000),
      ['slot one was 50 % of users; becomes 40 %', 'slot two was 30 % of users; becomes 40 %'],
    ],
    [
      'a slot moves',
      { slots: { one: [[0, 20_000]] } },
      { slots: { one: [[10_000, 30_000]] } },
      ['slot one stays 20 % of users: 10 % leave it, 10 % enter'],
    ],
    [
      'a slot moves and grows',
      { slots: { one: [[0, 20_000]] } },
      { slots: { one: [[10_000, 40_000]] } },
      ['slot one was 20 % of users; becomes 30 %: 10 % leave it, 20 % enter'],
    ],
    [
      'its salt changes',
      layer(50_000, 0),
      layer(50_000, 0, { salt: 'other' }),
      ['users are dealt anew: who is in which slot changes'],
    ],
    [
      'its unit and a slot change',
      layer(50_000, 0),
      layer(30_000, 0, { by: 'companyId' }),
      ['slot one was 50 % of users; becomes 30 %', 'users are dealt anew: who is in which slot changes'],
    ],
    [
      'its own name becomes its salt',
      layer(5, 0),
      layer(5, 0, { salt: 'checkout' }),
      ['is written in another way; slots stay'],
    ],
    ['its description changes', layer(5, 0), layer(5, 0, { description: 'new' }), ['the description changes']],
  ])('is told where %s', (_, before, after, words) => {
    expect(between(before, after)).toEqual([
      { of: 'layer', key: 'checkout', change: 'changed', words: [...words, 'reaches no flag'] },
    ]);
  });

  it('says which flags it reaches', () => {
    expect(between(layer(5, 0), layer(6, 0), ['one', 'two'])[0]?.words.at(-1)).toBe('reaches flag_one and flag_two');
  });

  it.each<[string, Layer | undefined, Layer | undefined, readonly string[], readonly string[], object | undefined]>([
    [
      'vanishes under an experiment that goes on',
      layer(5, 9),
      undefined,
      ['one'],
      ['one'],
      { reason: 'vanishes', text: 'vanishes, and experiment one goes on without it' },
    ],
    [
      'vanishes under two',
      layer(5, 9),
      undefined,
      ['one', 'two'],
      ['one', 'two'],
      { reason: 'vanishes', text: 'vanishes, and experiments one and two go on without it' },
    ],
    ['vanishes with its experiments', layer(5, 9), undefined, ['one'], [], undefined],
    ['vanishes that nobody used', layer(5, 9), undefined, [], ['one'], undefined],
    [
      'takes users out of a slot',
      layer(50_000, 0),
      layer(30_000, 0),
      ['one'],
      ['one'],
      { reason: 'moves', text: 'takes users out of running experiment one (20 % of users)' },
    ],
    [
      'takes users out of two',
      { slots: { one: [[0, 10]], two: [[10, 20_000]] } },
      { slots: { one: [[0, 5]], two: [[10, 10_000]] } },
      ['one', 'two'],
      ['one', 'two'],
      {
        reason: 'moves',
        text: 'takes users out of running experiments one (0.005 % of users) and two (10 % of users)',
      },
    ],
    [
      'deals users anew',
      layer(50_000, 0),
      layer(50_000, 0, { salt: 'x' }),
      ['one'],
      ['one'],
      { reason: 'moves', text: 'takes users out of running experiment one (25 % of users)' },
    ],
    ['lets more in', layer(30_000, 0), layer(50_000, 0), ['one'], ['one'], undefined],
    ['takes users out of a slot that waits', layer(5, 9), layer(5, 8), ['one'], ['one'], undefined],
  ])('is asked about, or not, where it %s', (_, before, after, running, then, question) => {
    const [difference] = between(before, after, running, then);
    expect(difference?.question).toEqual(question);
  });
});

describe('a holdout', () => {
  const flags = { x: pages(split(...small, { ...experiment(1), holdout: 'all' })) };
  const between = (before?: Holdout, after?: Holdout, of: Flags = flags) =>
    diff(
      document(of, before && { holdouts: { all: before } }),
      document(of, after && { holdouts: { all: after } }),
      AT_MS,
    );

  it('comes and goes with its share', () => {
    expect(between(undefined, { percentage: 5 })).toEqual([
      { of: 'holdout', key: 'all', change: 'added', words: ['holds 5 % of users'] },
    ]);
    expect(between({ percentage: 5, by: 'companyId' }, undefined, {})).toEqual([
      { of: 'holdout', key: 'all', change: 'removed', words: ['held 5 % by companyId'] },
    ]);
  });

  it.each<[Holdout, Holdout, readonly string[], string | undefined]>([
    [
      { percentage: 10 },
      { percentage: 5 },
      ['holds 5 % of users, was 10 %'],
      'lets 5 % of users into running experiment one-page',
    ],
    [
      { percentage: 5 },
      { percentage: 10 },
      ['holds 10 % of users, was 5 %'],
      'takes 5 % of users out of running experiment one-page',
    ],
    [
      { percentage: 5 },
      { percentage: 5, salt: 'new' },
      ['users are dealt anew: who is held out changes'],
      'holds others than before out of running experiment one-page',
    ],
    [{ percentage: 5 }, { percentage: 5, description: 'new' }, ['the description changes'], undefined],
    [{ percentage: 5 }, { percentage: 5, salt: 'all' }, ['is written in another way; whom it holds stays'], undefined],
    [
      { percentage: 0 },
      { percentage: 0, hash: 'murmur3' },
      ['is written in another way; whom it holds stays'],
      undefined,
    ],
  ])('from %j to %j', (before, after, words, question) => {
    const [difference] = between(before, after);
    expect(difference?.words).toEqual([...words, 'reaches x']);
    expect(difference?.question?.text).toBe(question);
    expect(between(before, after, {})[0]?.question).toBeUndefined();
  });

  it('is asked about where it vanishes under an experiment that goes on', () => {
    expect(between({ percentage: 5 }, undefined)[0]?.question).toEqual({
      reason: 'vanishes',
      text: 'vanishes, and experiment one-page goes on without it',
    });
  });

  it('reaches an experiment in a rule, and flags that ask the flag', () => {
    const inRule = pages('control', { rules: [{ when: { all: [] }, serve: flags.x.fallthrough }] });
    const asks = (flag: string): FlagDefinition =>
      pages('control', { rules: [{ when: { not: { flag, variants: ['control'] } }, serve: 'one_page' }] });
    const needs = pages('control', { prerequisites: [{ flag: 'b', variants: ['control'] }] });
    const of: Flags = { a: inRule, b: asks('a'), c: needs, d: asks('e'), e: { status: 'enabled' } };
    expect(between({ percentage: 5 }, { percentage: 6 }, of)[0]?.words.at(-1)).toBe('reaches a, b and c');
  });
});

it('a segment reaches flags whose flags or segments ask it', () => {
  const of = (include: string[]): FlagDocument =>
    document(
      {
        a: pages('control', { rules: [{ when: { segment: 'staff' }, serve: 'one_page' }] }),
        b: pages('control', { rules: [{ when: { any: [{ segment: 'ahead' }] }, serve: 'one_page' }] }),
        c: { status: 'enabled' },
      },
      { segments: { staff: { include }, ahead: { when: { flag: 'a', variants: ['one_page'] } } } },
    );
  expect(diff(of([]), of(['u']), AT_MS)).toMatchObject([
    { key: 'staff', words: [expect.any(String), 'reaches a and b'] },
  ]);
});
