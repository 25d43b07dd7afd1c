import { describe, expect, it } from 'vitest';
import { decodeDocument } from '../../src/document/decode.ts';
import { message, paths, withFlag, withRule } from './decoded.ts';

/** A flag that serves as given to everyone. */
const serving = (fallthrough: unknown, more: object = {}): unknown => withFlag({ type: 'boolean', fallthrough }, more);
const byRanges = (ranges: unknown, more: object = {}): object => ({
  kind: 'split',
  variants: [{ variant: 'on', ranges }],
  otherwise: 'off',
  ...more,
});
const LAYERED = {
  layers: { checkout: { slots: { one: [[0, 50_000]], two: [[50_000, 80_000]] } } },
  holdouts: { all: { percentage: 5 } },
};
const inLayer = (more: object = {}, id = 'one'): object =>
  byRanges([[0, 100]], {
    salt: 'arms',
    experiment: { id, phase: 1 },
    layer: 'checkout',
    holdout: 'all',
    ...more,
  });

describe('a split by ranges', () => {
  it.each([
    ['a range', byRanges([[0, 50_000]])],
    ['no range yet', byRanges([])],
    [
      'ranges that touch each other',
      byRanges([
        [5, 7],
        [0, 5],
        [7, 8],
      ]),
    ],
    ['all of ten buckets', byRanges([[0, 10]], { of: 10 })],
    ['a million buckets', byRanges([[999_999, 1_000_000]], { of: 1_000_000 })],
    ['the fallback in its gaps', byRanges([[0, 1]], { otherwise: null })],
    ['several attributes', byRanges([[0, 1]], { by: ['id', 'anonymousId'] })],
    ['an experiment', byRanges([[0, 1]], { experiment: { id: 'one', phase: 3 } })],
  ])('may have %s', (_, split) => {
    expect(message(serving(split))).toBe('accepted');
  });

  it('may send those in its gaps on to the next rule, and only from a rule', () => {
    const { otherwise: _, ...goesOn } = byRanges([[0, 1]], { gaps: 'continue' }) as { otherwise: string };
    const rules = [{ when: { all: [] }, serve: goesOn }];
    expect(message(withFlag({ type: 'boolean', rules, fallthrough: 'off' }))).toBe('accepted');
    expect(message(serving(goesOn))).toBe(
      '$.flags.checkout.fallthrough.gaps: found text of 8 characters, allowed: otherwise in place of gaps: after the fallthrough comes no other rule',
    );
  });

  const at = '$.flags.checkout.fallthrough';
  it.each([
    [
      byRanges([
        [0, 5],
        [4, 6],
      ]),
      `${at}.variants[0].ranges[1]: found [4, 6], which shares buckets with [0, 5], allowed: buckets that no other range has`,
    ],
    [
      byRanges([[5, 5]]),
      `${at}.variants[0].ranges[0][1]: found 5, allowed: more than 5 and at most 100000, the number of buckets`,
    ],
    [
      byRanges([[0, 11]], { of: 10 }),
      `${at}.variants[0].ranges[0][1]: found 11, allowed: more than 0 and at most 10, the number of buckets`,
    ],
    [byRanges([[0.5, 1]]), `${at}.variants[0].ranges[0][0]: found 0.5, allowed: an integer from 0 to 1000000`],
    [
      byRanges([[0]]),
      `${at}.variants[0].ranges[0]: found a list of 1, allowed: a list of two, the first bucket and the one after the last`,
    ],
    [byRanges({ from: 0 }), `${at}.variants[0].ranges: found an object, allowed: a list`],
    [byRanges([], { of: 0 }), `${at}.of: found 0, allowed: an integer from 1 to 1000000`],
    [byRanges([], { variants: [] }), `${at}.variants: found a list of 0, allowed: at least one variant`],
    [
      byRanges([], { otherwise: undefined }),
      `${at}: found an object, allowed: otherwise, which is served in the gaps, or gaps, and not both`,
    ],
    [
      byRanges([], { otherwise: 'third' }),
      `${at}.otherwise: found text of 5 characters, allowed: a variant of this flag`,
    ],
    [byRanges([], { by: [] }), `${at}.by: found a list of 0, allowed: one to 8 different attributes`],
    [byRanges([], { by: ['id', 'id'] }), `${at}.by: found a list of 2, allowed: one to 8 different attributes`],
    [
      byRanges([], { experiment: { id: 'one', phase: 0 } }),
      `${at}.experiment.phase: found 0, allowed: an integer from 1`,
    ],
    [
      byRanges([], { layer: 'checkout' }),
      `${at}.layer: found text of 8 characters, allowed: the name of a layer in this document`,
    ],
    [byRanges([], { holdout: 'all' }), `${at}.holdout: found "all", allowed: the name of a holdout in this document`],
  ])('is refused where it is %j', (split, complaint) => {
    expect(message(serving(split)).replace('"checkout"', 'text of 8 characters')).toBe(complaint);
  });

  it('has no weights beside its ranges, nor beside what only ranges have', () => {
    const weight = {
      kind: 'split',
      variants: [{ variant: 'on', weight: 1 }],
      experiment: { id: 'one', phase: 1 },
      otherwise: null,
    };
    expect(paths(serving(weight))).toEqual([`${at}.variants[0].weight`, `${at}.variants[0].ranges`]);
    const mixed = byRanges([], {
      variants: [
        { variant: 'on', ranges: [[0, 1]] },
        { variant: 'off', weight: 1 },
      ],
    });
    expect(paths(serving(mixed))).toEqual([`${at}.variants[1].weight`, `${at}.variants[1].ranges`]);
  });

  it('sets its flag aside for a word that is not known, like a hash', () => {
    for (const more of [{ hash: 'growthbook-2' }, { gaps: 'wait' }, { coverage: 5 }]) {
      const result = decodeDocument(JSON.stringify(serving(byRanges([], more))));
      expect(result).toMatchObject({ ok: true, setAside: [{ flagKey: 'checkout' }] });
    }
  });

  it('has ranges that are disjoint across its variants, however many there are', () => {
    const many = Array.from({ length: 50_000 }, (_, index) => [2 * index, 2 * index + 1]);
    const split = (last: number): object => ({
      kind: 'split',
      variants: [
        { variant: 'on', ranges: many },
        { variant: 'off', ranges: [[last, last + 1]] },
      ],
      otherwise: null,
    });
    expect(message(serving(split(1)))).toBe('accepted');
    expect(paths(serving(split(40_000)))).toEqual([`${at}.variants[1].ranges[0]`]);
  });
});

describe('an experiment in a layer', () => {
  const at = '$.flags.checkout.fallthrough';

  it('names layers and holdouts of its document', () => {
    expect(message(serving(inLayer(), LAYERED))).toBe('accepted');
  });

  it.each([
    [
      'has a slot',
      inLayer({}, 'three'),
      `${at}.experiment.id: found "three", allowed: an experiment with a slot in layer checkout: one, two`,
    ],
    [
      'deals by the unit of its layer',
      inLayer({ by: 'sessionId' }),
      `${at}.by: found "sessionId", allowed: targetingKey, the unit of layer checkout`,
    ],
    [
      'has another salt than its layer',
      inLayer({ salt: 'checkout' }),
      `${at}.layer: found "checkout", allowed: a layer with another salt than the split`,
    ],
    [
      'has another salt than its holdout',
      inLayer({ salt: 'all' }),
      `${at}.holdout: found "all", allowed: a holdout with another salt than the split`,
    ],
    [
      'is one',
      inLayer({ experiment: undefined, holdout: undefined }),
      `${at}.layer: found "checkout", allowed: an experiment beside the layer`,
    ],
  ])('%s', (_, split, complaint) => {
    expect(message(serving(split, LAYERED))).toBe(complaint);
  });

  it('takes the salt of its flag, and that is its key, where it gives none', () => {
    const { salt: _, ...split } = inLayer() as { salt: string };
    expect(paths(serving(split, LAYERED))).toEqual([`${at}.layer`]);
    const flag = (salt: string): unknown => withFlag({ type: 'boolean', salt, fallthrough: split }, LAYERED);
    expect(paths(flag('all'))).toEqual([`${at}.holdout`]);
    expect(paths(flag('mine'))).toEqual([]);
  });

  it('meets a layer and a holdout of different salts', () => {
    const { layers } = LAYERED;
    const holdouts = { all: { salt: 'checkout', percentage: 5 } };
    expect(message(serving(inLayer(), { layers, holdouts }))).toBe(
      `${at}.holdout: found "all", allowed: a holdout with another salt than the layer`,
    );
  });

  it('goes with a layer or a holdout that is wrong, or that only a newer version can read', () => {
    const rest = { other: { status: 'enabled' } };
    for (const [broken, path] of [
      [
        { ...LAYERED, layers: { checkout: { slots: { one: [[0, 6]], two: [[5, 7]] } } } },
        '$.layers.checkout.slots.two[0]',
      ],
      [{ ...LAYERED, layers: { checkout: { slots: { one: [[0, 6]] }, of: 5 } } }, '$.layers.checkout.slots.one[0][1]'],
      [{ ...LAYERED, holdouts: { all: { percentage: 101 } } }, '$.holdouts.all.percentage'],
    ] as const) {
      const flags = { checkout: { type: 'boolean', fallthrough: inLayer() }, ...rest };
      const result = decodeDocument(JSON.stringify({ schemaVersion: 1, flags, ...broken }));
      expect(result).toMatchObject({ ok: false, problems: [{ path }], rest: { setAside: [{ flagKey: 'checkout' }] } });
    }
    const newer = { ...LAYERED, holdouts: { all: { percentage: 5, until: '2027-01-01T00:00:00Z' } } };
    const flags = { checkout: { type: 'boolean', fallthrough: inLayer() }, ...rest };
    const result = decodeDocument(JSON.stringify({ schemaVersion: 1, flags, ...newer }));
    expect(result).toMatchObject({
      ok: true,
      setAside: [{ flagKey: 'checkout', problem: { path: '$.holdouts.all.until' } }],
    });
  });

  it.each([
    ['slots', { like: 'other', slots: {} }, '$.layers.checkout.like'],
    ['a unit', { like: 'other', slots: { one: [[0, 5]], two: [] }, by: 'other' }, '$.layers.checkout.like'],
    ['a salt', { salting: 'twice', slots: { one: [[0, 5]], two: [] }, salt: 'all' }, '$.layers.checkout.salting'],
  ])('refuses no document where a newer version may say elsewhere which layer has %s', (_, checkout, path) => {
    const flags = { checkout: { type: 'boolean', fallthrough: inLayer({ salt: 'all', holdout: undefined }) } };
    const document = { schemaVersion: 1, flags: { ...flags, other: { status: 'enabled' } }, ...LAYERED };
    const result = decodeDocument(JSON.stringify({ ...document, layers: { checkout } }));
    expect(result).toMatchObject({ ok: true, setAside: [{ flagKey: 'checkout', problem: { path } }] });
  });

  it('deals by the unit of its layer, and not by one whose name looks like several', () => {
    const layers = { checkout: { by: 'a, b', slots: { one: [[0, 5]] } } };
    const split = inLayer({ by: ['a', 'b'] });
    expect(paths(serving(split, { ...LAYERED, layers }))).toEqual([`${at}.by`]);
  });
});

describe('a condition on a bucket', () => {
  it.each([
    [{ salt: 's', from: 0, to: 40_000 }, 'accepted'],
    [{ salt: 's', from: 0, to: 40, of: 40, by: ['id', 'anonymousId'] }, 'accepted'],
    [{ from: 0, to: 1 }, '$.flags.checkout.rules[0].when.bucket.salt: found nothing, allowed: text'],
    [
      { salt: 's', from: 4, to: 4 },
      '$.flags.checkout.rules[0].when.bucket.to: found 4, allowed: more than 4 and at most 100000, the number of buckets',
    ],
    [
      { salt: 's', from: 0, to: 5, of: 4 },
      '$.flags.checkout.rules[0].when.bucket.to: found 5, allowed: more than 0 and at most 4, the number of buckets',
    ],
  ])('of %j', (bucket, complaint) => {
    expect(message(withRule({ bucket }))).toBe(complaint);
    expect(
      message(withRule({ segment: 'some' }, { segments: { some: { when: { bucket } } } })).replace(
        'segments.some.when',
        'flags.checkout.rules[0].when',
      ),
    ).toBe(complaint);
  });
});

describe('a condition on another flag', () => {
  const asks = (flag: string, ...variants: string[]): object => ({
    type: 'boolean',
    rules: [{ when: { flag, variants }, serve: 'on' }],
    fallthrough: 'off',
  });
  const of = (flags: object, segments: object = {}): unknown => ({ schemaVersion: 1, flags, segments });

  it('names a flag of the document, and variants of it', () => {
    expect(message(of({ a: asks('b', 'on'), b: { status: 'enabled' } }))).toBe('accepted');
    expect(message(of({ a: asks('c', 'on') }))).toBe(
      '$.flags.a.rules[0].when.flag: found "c", allowed: the key of a flag in this document',
    );
    expect(message(of({ a: asks('b', 'blue'), b: { status: 'enabled' } }))).toBe(
      '$.flags.a.rules[0].when: found text of 4 characters, allowed: variants of b',
    );
  });

  it('leads back to its flag neither by conditions, nor by segments, nor by prerequisites', () => {
    expect(message(of({ a: asks('a', 'on') }))).toBe('$.flags.a: found "a > a", allowed: no cycle');
    const segments = { some: { when: { flag: 'a', variants: ['on'] } } };
    expect(
      paths(
        of(
          { a: { type: 'boolean', rules: [{ when: { segment: 'some' }, serve: 'on' }], fallthrough: 'off' } },
          segments,
        ),
      ),
    ).toEqual(['$.flags.a']);
    const needs = { type: 'boolean', prerequisites: [{ flag: 'a', variants: ['on'] }], fallthrough: 'on' };
    expect(paths(of({ a: asks('b', 'on'), b: needs }))).toHaveLength(1);
  });

  it('goes with a flag that is set aside, since nobody knows what that would serve', () => {
    const result = decodeDocument(
      JSON.stringify(of({ a: asks('b', 'on'), b: { status: 'preview' }, c: { status: 'enabled' } })),
    );
    expect(result).toMatchObject({ ok: true, setAside: [{ flagKey: 'b' }, { flagKey: 'a' }] });
  });

  it('nests at most 32 levels deep; prerequisites count for none', () => {
    const chain = (length: number, first: object): object =>
      Object.fromEntries(
        Array.from({ length }, (_, index) => [`f${index}`, index + 1 < length ? asks(`f${index + 1}`, 'on') : first]),
      );
    expect(paths(of(chain(33, { status: 'enabled' })))).toEqual([]);
    expect(paths(of(chain(34, { status: 'enabled' })))).toEqual(['$.flags.f0']);
    const needs = { type: 'boolean', prerequisites: [{ flag: 'base', variants: ['on'] }], fallthrough: 'on' };
    expect(paths(of({ ...chain(33, needs), base: { status: 'enabled' } }))).toEqual([]);
    expect(message(of(chain(34, { status: 'enabled' })))).toBe(
      '$.flags.f0: found "33 levels", allowed: 32 levels of segments and flags within conditions',
    );
  });
});

describe('many mistakes of splits in one layer', () => {
  const splits = (more: object): object =>
    Object.fromEntries(
      Array.from({ length: 3_000 }, (_, index) => [
        `flag${index}`,
        { type: 'boolean', fallthrough: inLayer({ holdout: undefined, ...more }, 'three') },
      ]),
    );

  it.each<[string, object, object, string]>([
    [
      'the experiments of 100,000 slots',
      {},
      { slots: Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`e${index}`, []])) },
      'layer checkout: e0, e1, e2, e3, e4',
    ],
    [
      'a slot of a very long name',
      {},
      { slots: { ['x'.repeat(2_000_000)]: [] } },
      `layer checkout: ${'x'.repeat(49)}…`,
    ],
    [
      'units of a very long name',
      { by: ['a', 'b'] },
      { slots: { three: [] }, by: ['x'.repeat(2_000_000), 'b'] },
      `allowed: ${'x'.repeat(49)}…, b, the unit of layer checkout`,
    ],
  ])('are told in time, and in short: %s', { timeout: 10_000 }, (_, more, checkout, told) => {
    const text = JSON.stringify({
      schemaVersion: 1,
      flags: { a: { status: 'enabled' }, ...splits(more) },
      layers: { checkout },
    });
    const result = decodeDocument(text);
    expect(result).toMatchObject({ ok: false, rest: { document: { flags: { a: {} } } } });
    expect(result.ok ? '' : result.problems[0]!.message).toContain(told);
  });
});
