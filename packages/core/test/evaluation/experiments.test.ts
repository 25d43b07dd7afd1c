import { describe, expect, it } from 'vitest';
import { decodeDocument } from '../../src/document/decode.ts';
import type { FlagDefinition, FlagDocument, RangedSplit, Split } from '../../src/document/types.ts';
import { bucket } from '../../src/evaluation/bucket.ts';
import { createEvaluator, type Evaluator } from '../../src/evaluation/evaluator.ts';
import { explain } from '../../src/evaluation/explain.ts';
import { accepted } from '../document/decoded.ts';

function decoded(flags: Readonly<Record<string, FlagDefinition>>, more: Partial<FlagDocument> = {}): FlagDocument {
  return accepted(decodeDocument(JSON.stringify({ schemaVersion: 1, flags, ...more })));
}

/** A flag of texts that serves each variant's own name. */
function serving(fallthrough: Split | string, more: object = {}): FlagDefinition {
  return { type: 'string', variants: { a: 'a', b: 'b', none: 'none' }, offVariant: 'none', fallthrough, ...more };
}

/** The first of the units `u0`, `u1` … for which `test` holds. */
function unitWhere(test: (unit: string) => boolean): string {
  for (let index = 0; ; index++) if (test(`u${index}`)) return `u${index}`;
}

const isIn =
  (salt: string, from: number, to: number, of?: number) =>
  (unit: string): boolean =>
    bucket(salt, unit, of) >= from && bucket(salt, unit, of) < to;

describe('a split by ranges', () => {
  const split: RangedSplit = {
    kind: 'split',
    of: 10,
    variants: [
      {
        variant: 'a',
        ranges: [
          [6, 8],
          [0, 2],
        ],
      },
      { variant: 'b', ranges: [[2, 3]] },
    ],
    otherwise: 'none',
  };
  const evaluator = createEvaluator(decoded({ flag: serving(split) }));

  it('serves the variant whose range holds the bucket, and otherwise in the gaps', () => {
    const served = new Map(
      Array.from({ length: 10 }, (_, place) => {
        const targetingKey = unitWhere(isIn('flag', place, place + 1, 10));
        const { value, bucket: found, buckets, unitKind, reason } = evaluator.details('flag', { targetingKey }, '');
        expect({ found, buckets, unitKind, reason }).toEqual({
          found: place,
          buckets: 10,
          unitKind: 'targetingKey',
          reason: 'SPLIT',
        });
        expect(evaluator.value('flag', { targetingKey }, '')).toBe(value);
        return [place, value];
      }),
    );
    expect([...served.values()]).toEqual(['a', 'a', 'b', 'none', 'none', 'none', 'a', 'a', 'none', 'none']);
  });

  it('serves the off variant where there is no unit', () => {
    expect(evaluator.details('flag', {}, '')).toMatchObject({
      value: 'none',
      reason: 'DEFAULT',
      contextProblems: [{ code: 'TARGETING_KEY_MISSING' }],
    });
  });

  it('deals as weights do where its ranges are those of the weights', () => {
    const weights: Split = {
      kind: 'split',
      variants: [
        { variant: 'a', weight: 30 },
        { variant: 'b', weight: 70 },
      ],
    };
    const ranges: Split = {
      kind: 'split',
      variants: [
        { variant: 'a', ranges: [[0, 30_000]] },
        { variant: 'b', ranges: [[30_000, 100_000]] },
      ],
      otherwise: null,
    };
    const [one, other] = [weights, ranges].map((how) => createEvaluator(decoded({ flag: serving(how) })));
    for (let index = 0; index < 2_000; index++) {
      const context = { targetingKey: `u${index}` };
      expect(other!.details('flag', context, '')).toMatchObject(one!.details('flag', context, ''));
    }
  });

  it('takes the first attribute that holds a unit, and says which', () => {
    const by = createEvaluator(decoded({ flag: serving({ ...split, by: ['account.id', 'anonymousId'] }) }));
    const detailed = (context: object): object => by.details('flag', context, '');
    expect(detailed({ account: { id: 7 }, anonymousId: 'x' })).toMatchObject({
      bucket: bucket('flag', '7', 10),
      unitKind: 'account.id',
    });
    expect(detailed({ account: { id: '' }, anonymousId: 'x' })).toMatchObject({
      bucket: bucket('flag', 'x', 10),
      unitKind: 'anonymousId',
    });
    expect(detailed({ account: {} })).toMatchObject({ reason: 'DEFAULT', value: 'none' });
  });

  it('weights take several attributes too', () => {
    const weights: Split = {
      kind: 'split',
      by: ['id', 'anonymousId'],
      variants: [
        { variant: 'a', weight: 1 },
        { variant: 'b', weight: 1 },
      ],
    };
    const details = createEvaluator(decoded({ flag: serving(weights) })).details('flag', { anonymousId: 'x' }, '');
    expect(details).toMatchObject({ bucket: bucket('flag', 'x'), buckets: 100_000, unitKind: 'anonymousId' });
  });

  it('sends those in its gaps, and those without a unit, on to the next rule', () => {
    const { otherwise: _, ...rest } = split;
    const rules = [
      {
        id: 'some',
        when: { attribute: 'plan', op: 'equals', value: 'pro' } as const,
        serve: { ...rest, gaps: 'continue' } as Split,
      },
      { id: 'others', when: { attribute: 'plan', op: 'exists' } as const, serve: 'b' },
    ];
    const flags = decoded({ flag: serving('none', { rules }) });
    const goesOn = createEvaluator(flags);
    const inside = { plan: 'pro', targetingKey: unitWhere(isIn('flag', 0, 2, 10)) };
    const outside = { plan: 'pro', targetingKey: unitWhere(isIn('flag', 3, 6, 10)) };
    expect(goesOn.details('flag', inside, '')).toMatchObject({ value: 'a', ruleId: 'some', reason: 'SPLIT' });
    expect(goesOn.details('flag', outside, '')).toMatchObject({
      value: 'b',
      ruleId: 'others',
      reason: 'TARGETING_MATCH',
    });
    expect(goesOn.details('flag', { plan: 'pro' }, '')).toMatchObject({ value: 'b', ruleId: 'others' });
    expect(explain(flags, 'flag', outside, { fallback: '' })).toMatchObject({
      steps: [
        { step: 'enabled' },
        { step: 'rule', matched: true, serve: { goesOn: true } },
        { step: 'rule', matched: true, id: 'others' },
      ],
    });
  });
});

describe('a condition on a bucket', () => {
  const rules = [{ when: { bucket: { by: ['id', 'anonymousId'], salt: 'gate', of: 10, from: 3, to: 5 } }, serve: 'a' }];
  const flags = decoded({ flag: serving('b', { rules }) });
  const evaluator = createEvaluator(flags);

  it('holds for units in its buckets, and for nobody without a unit', () => {
    for (let index = 0; index < 200; index++) {
      const context = { anonymousId: `u${index}` };
      const expected = isIn('gate', 3, 5, 10)(context.anonymousId) ? 'a' : 'b';
      expect(evaluator.value('flag', context, '')).toBe(expected);
      expect(explain(flags, 'flag', context, { fallback: '' }).steps[1]).toMatchObject({
        condition: {
          kind: 'bucket',
          holds: expected === 'a',
          bucket: bucket('gate', `u${index}`, 10),
          buckets: 10,
          by: 'anonymousId',
        },
      });
    }
    expect(evaluator.value('flag', {}, '')).toBe('b');
    expect(evaluator.details('flag', {}, '').contextProblems).toMatchObject([
      { code: 'TARGETING_KEY_MISSING', attribute: 'id' },
    ]);
  });
});

describe('an experiment', () => {
  const split: RangedSplit = {
    kind: 'split',
    salt: 'arms',
    experiment: { id: 'one', phase: 2 },
    layer: 'checkout',
    holdout: 'all',
    variants: [
      { variant: 'a', ranges: [[0, 20_000]] },
      { variant: 'b', ranges: [[50_000, 70_000]] },
    ],
    otherwise: 'none',
  };
  const layers = { checkout: { slots: { one: [[0, 60_000]], two: [[60_000, 90_000]] } } } as const;
  const holdouts = { all: { percentage: 10 } };
  const flags = decoded({ flag: serving(split) }, { layers, holdouts });
  const evaluator: Evaluator = createEvaluator(flags);
  const isHeld = isIn('all', 0, 10_000);
  const isInSlot = isIn('checkout', 0, 60_000);
  const isInA = isIn('arms', 0, 20_000);
  const isOutside = isIn('arms', 20_000, 50_000);

  it.each([
    [
      'takes part',
      unitWhere((unit) => !isHeld(unit) && isInSlot(unit) && isInA(unit)),
      'a',
      undefined,
      'bucket \\d+ lies in 0 to 20000 of a \\(experiment one, phase 2: takes part\\)',
    ],
    ['is held out', unitWhere((unit) => isHeld(unit) && isInSlot(unit) && isInA(unit)), 'none', 'HELD_OUT', 'held out'],
    [
      'is held out before all else',
      unitWhere((unit) => isHeld(unit) && !isInSlot(unit) && isOutside(unit)),
      'none',
      'HELD_OUT',
      'held out',
    ],
    [
      'is in the slot of another',
      unitWhere((unit) => !isHeld(unit) && !isInSlot(unit) && isInA(unit)),
      'none',
      'OTHER_SLOT',
      'outside its slot of the layer',
    ],
    [
      'is outside of what the arms cover',
      unitWhere((unit) => !isHeld(unit) && isInSlot(unit) && isOutside(unit)),
      'none',
      'OUTSIDE_COVERAGE',
      'outside the ranges of its arms',
    ],
  ] as const)('says that a unit %s', (_, targetingKey, value, whyNot, sentence) => {
    const details = evaluator.details('flag', { targetingKey }, '');
    expect(details).toMatchObject({ value, reason: 'SPLIT', buckets: 100_000, unitKind: 'targetingKey' });
    expect(details.experiment).toEqual(
      whyNot === undefined
        ? { id: 'one', phase: 2, takesPart: true }
        : { id: 'one', phase: 2, takesPart: false, whyNot, message: sentence },
    );
    const explanation = explain(flags, 'flag', { targetingKey }, { fallback: '' });
    expect(explanation.summary).toMatch(new RegExp(sentence));
    expect(explanation).toMatchObject({ details, steps: [{}, { serve: { experiment: details.experiment } }] });
  });

  it('says that a context without a unit takes no part, and serves the off variant', () => {
    const details = evaluator.details('flag', {}, '');
    expect(details).toMatchObject({
      value: 'none',
      reason: 'DEFAULT',
      experiment: { takesPart: false, whyNot: 'NO_UNIT', message: 'no unit to deal with' },
    });
    expect(explain(flags, 'flag', {}, { fallback: '' })).toMatchObject({
      summary: expect.stringContaining('holds no unit to deal with') as string,
      steps: [{}, { serve: { experiment: details.experiment } }],
    });
  });

  it('gives the bucket of what decided: the holdout, the layer or the split', () => {
    const held = unitWhere(isHeld);
    expect(evaluator.details('flag', { targetingKey: held }, '').bucket).toBe(bucket('all', held));
    const other = unitWhere((unit) => !isHeld(unit) && !isInSlot(unit));
    expect(evaluator.details('flag', { targetingKey: other }, '').bucket).toBe(bucket('checkout', other));
  });

  it('asks for the unit first, also where the holdout holds by another one', () => {
    const byAccount = { all: { by: 'account', percentage: 100 } };
    const one = createEvaluator(decoded({ flag: serving(split) }, { layers, holdouts: byAccount }));
    const whyNot = (context: object): unknown => one.details('flag', context, '').experiment?.whyNot;
    expect(whyNot({ account: 'x' })).toBe('NO_UNIT');
    expect(whyNot({ targetingKey: 'x' })).toBe('NO_UNIT');
    expect(whyNot({ targetingKey: 'x', account: 'x' })).toBe('HELD_OUT');
  });

  it('lets more units in, and nobody out, when a holdout is lowered', () => {
    const lowered = createEvaluator(
      decoded({ flag: serving(split) }, { layers, holdouts: { all: { percentage: 2 } } }),
    );
    const users = Array.from({ length: 2_000 }, (_, index) => ({ targetingKey: `u${index}` }));
    const takesPart = (one: Evaluator): typeof users =>
      users.filter((context) => one.details('flag', context, '').experiment?.takesPart);
    const [before, after] = [takesPart(evaluator), takesPart(lowered)];
    expect(after.length).toBeGreaterThan(before.length);
    for (const context of before)
      expect(lowered.details('flag', context, '')).toEqual(evaluator.details('flag', context, ''));
  });
});

describe('a condition on another flag', () => {
  const asks = (flag: string, ...variants: string[]): FlagDefinition => ({
    type: 'boolean',
    rules: [{ when: { flag, variants }, serve: 'on' }],
    fallthrough: 'off',
  });
  const main: FlagDefinition = { status: 'beta', betaUsers: ['u1'] };

  it('holds while the flag serves one of the variants, and not while it serves the fallback', () => {
    const document = decoded({ main, asks: asks('main', 'on'), asksOff: asks('main', 'off', 'on') });
    const evaluator = createEvaluator(document);
    expect(['u1', 'u2'].map((userId) => evaluator.isEnabled('asks', { userId }, false))).toEqual([true, false]);
    expect(evaluator.isEnabled('asksOff', { userId: 'u2' }, false)).toBe(true);
    expect(evaluator.isEnabled('asksOff', {}, false)).toBe(false);
    expect(explain(document, 'asks', { userId: 'u1' })).toMatchObject({
      steps: [
        {},
        { matched: true, condition: { kind: 'flag', holds: true, flag: 'main', wanted: ['on'], served: 'on' } },
      ],
    });
  });

  it('holds in segments too', () => {
    const evaluator = createEvaluator(
      decoded(
        { main, flag: { type: 'boolean', rules: [{ when: { segment: 'some' }, serve: 'on' }], fallthrough: 'off' } },
        { segments: { some: { when: { not: { flag: 'main', variants: ['on'] } } } } },
      ),
    );
    expect(['u1', 'u2'].map((userId) => evaluator.isEnabled('flag', { userId }, false))).toEqual([false, true]);
  });

  it('asks each flag once an evaluation, however many ways lead to it', () => {
    // Each flag asks the next one twice: without a memory the last would be asked 2^30 times.
    const twice = (flag: string): FlagDefinition => ({
      type: 'boolean',
      rules: [
        {
          when: {
            any: [
              {
                all: [
                  { flag, variants: ['on'] },
                  { flag, variants: ['off'] },
                ],
              },
              { flag, variants: ['on'] },
            ],
          },
          serve: 'on',
        },
      ],
      fallthrough: 'off',
    });
    const flags = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`f${index}`, twice(`f${index + 1}`)]));
    let reads = 0;
    const context = {
      get plan() {
        reads += 1;
        return 'pro';
      },
    };
    const last: FlagDefinition = {
      type: 'boolean',
      rules: [{ when: { attribute: 'plan', op: 'equals', value: 'pro' }, serve: 'on' }],
      fallthrough: 'off',
    };
    const evaluator = createEvaluator(decoded({ ...flags, f30: last }));
    expect(evaluator.isEnabled('f0', context, false)).toBe(true);
    expect(reads).toBe(1);
    expect(Object.values(evaluator.all(context)).every(Boolean)).toBe(true);
    expect(reads).toBe(2);
  });

  it('answers a circle in a document that nobody has decoded with an error', () => {
    const needs: FlagDefinition = {
      type: 'boolean',
      prerequisites: [{ flag: 'a', variants: ['on'] }],
      fallthrough: 'on',
    };
    for (const flags of [
      { a: asks('a', 'on') },
      { a: asks('b', 'on'), b: asks('a', 'on') },
      { a: asks('b', 'on'), b: needs },
    ]) {
      const evaluator = createEvaluator({ schemaVersion: 1, flags });
      expect(evaluator.details('a', {}, true)).toMatchObject({
        value: true,
        errorCode: 'GENERAL',
        errorMessage: 'a cycle',
      });
      expect(evaluator.all({})).toEqual({});
    }
  });

  it('keeps its answer where the context asks questions of its own while it is read', () => {
    const plan: FlagDefinition = {
      type: 'boolean',
      rules: [{ when: { attribute: 'plan', op: 'equals', value: 'pro' }, serve: 'on' }],
      fallthrough: 'off',
    };
    const evaluator = createEvaluator(decoded({ plan, asks: asks('plan', 'on'), other: asks('plan', 'off') }));
    const context = {
      get plan(): string {
        evaluator.isEnabled('other', {}, false);
        return 'pro';
      },
    };
    expect(evaluator.isEnabled('asks', context, false)).toBe(true);
  });
});
