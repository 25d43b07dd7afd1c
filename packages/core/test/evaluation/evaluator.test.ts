import { describe, expect, expectTypeOf, it } from 'vitest';
import type { FlagDefinition, FlagDocument, LongFlag, Serve } from '../../src/document/types.ts';
import { bucket } from '../../src/evaluation/bucket.ts';
import { createEvaluator } from '../../src/evaluation/evaluator.ts';
import { decodeDocument } from '../../src/document/decode.ts';
import { documentOf, evaluatorOf } from './documents.ts';

const at = (text: string): number => Date.parse(text);

describe('a short flag', () => {
  const evaluator = evaluatorOf({
    enabled: { status: 'enabled' },
    disabled: { status: 'disabled', betaUsers: ['u1'] },
    beta: { status: 'beta', betaUsers: ['u1', 7] },
    canary: { status: 'canary', rolloutPercentage: 30, betaUsers: ['vip'] },
    bare: { status: 'canary' },
  });

  it.each([
    ['enabled', {}, true, 'STATIC'],
    ['disabled', { userId: 'u1' }, false, 'DISABLED'],
    ['beta', { userId: 'u1' }, true, 'TARGETING_MATCH'],
    ['beta', { targetingKey: '7' }, true, 'TARGETING_MATCH'],
    ['beta', { userId: 'u2' }, false, 'DEFAULT'],
    ['canary', { userId: 'vip' }, true, 'TARGETING_MATCH'],
    ['canary', {}, false, 'DEFAULT'],
    ['canary', { userId: '' }, false, 'DEFAULT'],
    ['bare', { userId: 'u1' }, false, 'SPLIT'],
  ])('%s for %j is %s: %s', (key, context, expected, reason) => {
    for (const fallback of [true, false]) {
      expect(evaluator.isEnabled(key, context, fallback)).toBe(expected);
      expect(evaluator.details(key, context, fallback)).toMatchObject({
        value: expected,
        reason,
        variant: expected ? 'on' : 'off',
      });
    }
  });

  it('in beta is the fallback without a targeting key', () => {
    for (const context of [undefined, {}, { userId: '' }, { targetingKey: 1.5 }, { country: 'DE' }]) {
      expect(evaluator.isEnabled('beta', context, true)).toBe(true);
      expect(evaluator.isEnabled('beta', context, false)).toBe(false);
      expect(evaluator.details('beta', context, true)).toEqual({ flagKey: 'beta', value: true, reason: 'DEFAULT' });
    }
  });

  it('as a canary is on for the buckets below its percentage', () => {
    for (let index = 0; index < 2000; index++) {
      const userId = `user-${index}`;
      const details = evaluator.details('canary', { userId }, false);
      expect(details.bucket).toBe(bucket('canary', userId));
      expect(details.value).toBe(details.bucket! < 30_000);
    }
  });

  it('as a canary loses nobody when its percentage rises', () => {
    let before = new Set<number>();
    for (const rolloutPercentage of [0, 0.001, 0.5, 12.345, 50, 99.999, 100]) {
      const raised = evaluatorOf({ flag: { status: 'canary', rolloutPercentage } });
      const now = new Set(
        Array.from({ length: 3000 }, (_, index) => index).filter((userId) =>
          raised.isEnabled('flag', { userId }, false),
        ),
      );
      for (const user of before) expect(now.has(user)).toBe(true);
      before = now;
    }
    expect(before.size).toBe(3000);
  });

  it('deals by its salt', () => {
    const salted = evaluatorOf({ flag: { status: 'canary', rolloutPercentage: 30, salt: 'canary' } });
    for (let userId = 0; userId < 500; userId++) {
      expect(salted.isEnabled('flag', { userId }, false)).toBe(evaluator.isEnabled('canary', { userId }, false));
    }
  });
});

describe('a long flag', () => {
  it('serves values of every type', () => {
    const theme = { dark: true, accents: ['red', { hex: '#f00' }] };
    const evaluator = evaluatorOf({
      boolean: { type: 'boolean', variants: { yes: true, no: false }, fallthrough: 'yes' },
      string: { type: 'string', variants: { a: 'A' }, fallthrough: 'a' },
      number: { type: 'number', variants: { a: 1.5 }, fallthrough: 'a' },
      object: { type: 'object', variants: { a: theme }, fallthrough: 'a' },
      list: { type: 'object', variants: { a: [1, 2] }, fallthrough: 'a' },
    });
    expect(evaluator.value('boolean', {}, false)).toBe(true);
    expect(evaluator.value('string', {}, '')).toBe('A');
    expect(evaluator.value('number', {}, 0)).toBe(1.5);
    expect(evaluator.value('object', {}, {})).toEqual(theme);
    expect(evaluator.value('list', {}, [])).toEqual([1, 2]);
    expectTypeOf(evaluator.value('string', {}, 'x')).toEqualTypeOf<string>();
    expectTypeOf(evaluator.value('number', {}, 1)).toEqualTypeOf<number>();
    expectTypeOf(evaluator.value('boolean', {}, true)).toEqualTypeOf<boolean>();
    expectTypeOf(evaluator.details('string', {}, 'x').value).toEqualTypeOf<string>();
  });

  it('serves the fallback when its type is another, and says so', () => {
    const evaluator = evaluatorOf({
      flag: { type: 'string', variants: { a: 'A' }, fallthrough: 'a', metadata: { owner: 'x' } },
    });
    expect(evaluator.value('flag', {}, 7)).toBe(7);
    expect(evaluator.isEnabled('flag', {}, true)).toBe(true);
    expect(evaluator.details('flag', {}, false)).toEqual({
      flagKey: 'flag',
      value: false,
      reason: 'ERROR',
      errorCode: 'TYPE_MISMATCH',
      errorMessage: 'string, not boolean',
      flagMetadata: { owner: 'x' },
    });
    expect(evaluator.value('flag', {}, null)).toBe('A');
    expect(evaluator.value('nope', {}, null)).toBeNull();
  });

  it('gives objects that callers cannot change for each other', () => {
    const evaluator = evaluatorOf({
      flag: { type: 'object', variants: { a: { deep: { list: [1] } } }, fallthrough: 'a' },
    });
    const value = evaluator.value('flag', {}, {}) as { deep: { list: number[] } };
    expect(() => value.deep.list.push(2)).toThrow(TypeError);
    expect(evaluator.value('flag', {}, {})).toEqual({ deep: { list: [1] } });
  });

  const long = (flag: Partial<LongFlag>): LongFlag => ({
    type: 'string',
    variants: { a: 'A', b: 'B', c: 'C' },
    fallthrough: 'a',
    ...flag,
  });
  const country = (value: string) => ({ attribute: 'country', op: 'equals', value }) as const;

  it('serves the first target that names the key, then the first rule that holds, then the rest', () => {
    const evaluator = evaluatorOf({
      flag: long({
        targets: [
          { variant: 'b', keys: ['u1', 7] },
          { variant: 'c', keys: ['u1', 'u2'] },
        ],
        rules: [
          { when: country('DE'), serve: 'b' },
          { id: 'second', when: { any: [country('DE'), country('AT')] }, serve: 'c' },
        ],
      }),
    });
    const about = (context: object) => evaluator.details('flag', context as Record<string, unknown>, '');
    expect(about({ userId: 'u1', country: 'AT' })).toEqual({
      flagKey: 'flag',
      value: 'B',
      variant: 'b',
      reason: 'TARGETING_MATCH',
    });
    expect(about({ userId: '7' })).toMatchObject({ value: 'B' });
    expect(about({ userId: 'u2' })).toMatchObject({ value: 'C' });
    expect(about({ userId: 'u3', country: 'DE' })).toEqual({
      flagKey: 'flag',
      value: 'B',
      variant: 'b',
      reason: 'TARGETING_MATCH',
      ruleIndex: 0,
    });
    expect(about({ country: 'AT' })).toEqual({
      flagKey: 'flag',
      value: 'C',
      variant: 'c',
      reason: 'TARGETING_MATCH',
      ruleIndex: 1,
      ruleId: 'second',
    });
    expect(about({ country: 'CH' })).toEqual({ flagKey: 'flag', value: 'A', variant: 'a', reason: 'DEFAULT' });
  });

  it('is off when disabled, whatever else it holds', () => {
    const evaluator = evaluatorOf({
      off: long({ enabled: false, offVariant: 'c', targets: [{ variant: 'b', keys: ['u1'] }] }),
      none: long({ enabled: false }),
      boolean: { type: 'boolean', enabled: false, fallthrough: 'on' },
      named: { type: 'boolean', enabled: false, variants: { on: true }, fallthrough: 'on' },
    });
    expect(evaluator.details('off', { userId: 'u1' }, '')).toEqual({
      flagKey: 'off',
      value: 'C',
      variant: 'c',
      reason: 'DISABLED',
    });
    expect(evaluator.details('none', {}, 'mine')).toEqual({ flagKey: 'none', value: 'mine', reason: 'DISABLED' });
    expect(evaluator.isEnabled('boolean', {}, true)).toBe(false);
    expect(evaluator.isEnabled('named', {}, true)).toBe(true);
  });

  it('serves null as the fallback of the caller', () => {
    const evaluator = evaluatorOf({
      flag: long({ rules: [{ when: country('DE'), serve: null }], fallthrough: 'a' }),
      all: long({ fallthrough: null }),
    });
    expect(evaluator.details('flag', { country: 'DE' }, 'mine')).toEqual({
      flagKey: 'flag',
      value: 'mine',
      reason: 'DEFAULT',
      ruleIndex: 0,
    });
    expect(evaluator.details('all', {}, 'mine')).toEqual({ flagKey: 'all', value: 'mine', reason: 'DEFAULT' });
  });

  it('deals variants in the order of their weights, by any attribute and salt', () => {
    const split: Serve = {
      kind: 'split',
      by: 'account.id',
      salt: 'shared',
      hash: 'murmur3',
      variants: [
        { variant: 'a', weight: 1 },
        { variant: 'b', weight: 0 },
        { variant: 'c', weight: 3 },
      ],
    };
    const evaluator = evaluatorOf({
      flag: long({ fallthrough: split, offVariant: 'b' }),
      ruled: long({ rules: [{ id: 'r', when: { all: [] }, serve: split }] }),
    });
    for (let index = 0; index < 1000; index++) {
      const context = { account: { id: `acc-${index}` }, userId: 'same' };
      const expected = bucket('shared', `acc-${index}`);
      expect(evaluator.details('flag', context, '')).toEqual({
        flagKey: 'flag',
        value: expected < 25_000 ? 'A' : 'C',
        variant: expected < 25_000 ? 'a' : 'c',
        reason: 'SPLIT',
        bucket: expected,
      });
      expect(evaluator.details('ruled', context, '')).toMatchObject({
        reason: 'SPLIT',
        ruleIndex: 0,
        ruleId: 'r',
        bucket: expected,
      });
    }
    for (const context of [
      {},
      { account: { id: '' } },
      { account: { id: 1.5 } },
      { account: { id: null } },
      { account: 'acc' },
    ]) {
      expect(evaluator.details('flag', context, '')).toEqual({
        flagKey: 'flag',
        value: 'B',
        variant: 'b',
        reason: 'DEFAULT',
      });
    }
    expect(evaluator.details('flag', { account: { id: 42 } }, '').bucket).toBe(bucket('shared', '42'));
    expect(evaluator.details('flag', { account: { id: 42n } }, '').bucket).toBe(bucket('shared', '42'));
  });

  it('cuts buckets at the rounded thousandth of a percent, and gives the last range its end', () => {
    const variants = Array.from({ length: 7 }, (_, index) => [`v${index}`, index] as const);
    const evaluator = evaluatorOf({
      flag: {
        type: 'number',
        variants: Object.fromEntries(variants),
        fallthrough: { kind: 'split', variants: variants.map(([variant]) => ({ variant, weight: 1 / 3 })) },
      },
    });
    for (let userId = 0; userId < 5000; userId++) {
      const { value, bucket: found } = evaluator.details('flag', { userId }, -1);
      const limits = variants.map((_, index) => Math.round(((index + 1) / 7) * 100_000));
      expect(value).toBe(limits.findIndex((limit) => found! < limit));
    }
  });
});

describe('prerequisites', () => {
  const waiting = (flag: string, ...variants: string[]): FlagDefinition => ({
    type: 'boolean',
    prerequisites: [{ flag, variants }],
    fallthrough: 'on',
  });

  it('hold while the other flag serves one of the variants', () => {
    const evaluator = evaluatorOf({
      theme: {
        type: 'string',
        variants: { old: 'o', new: 'n' },
        rules: [{ when: { attribute: 'country', op: 'equals', value: 'DE' }, serve: 'new' }],
        fallthrough: 'old',
      },
      flag: waiting('theme', 'new'),
      either: waiting('theme', 'new', 'old'),
      none: waiting('theme'),
    });
    expect(evaluator.isEnabled('flag', { country: 'DE' }, false)).toBe(true);
    expect(evaluator.details('flag', {}, true)).toEqual({
      flagKey: 'flag',
      value: false,
      variant: 'off',
      reason: 'PREREQUISITE_FAILED',
    });
    expect(evaluator.isEnabled('either', {}, false)).toBe(true);
    expect(evaluator.isEnabled('none', {}, true)).toBe(false);
  });

  it('fail when the other flag is set aside or serves the fallback', () => {
    const text = JSON.stringify({
      schemaVersion: 1,
      flags: {
        new: { status: 'preview' },
        flag: waiting('new', 'on'),
        beta: { status: 'beta' },
        other: waiting('beta', 'on', 'off'),
      },
    });
    const result = decodeDocument(text);
    const evaluator = createEvaluator((result as { document: FlagDocument }).document);
    expect(evaluator.details('flag', {}, true)).toMatchObject({ value: false, reason: 'PREREQUISITE_FAILED' });
    expect(evaluator.details('other', {}, true)).toMatchObject({ value: false, reason: 'PREREQUISITE_FAILED' });
    expect(evaluator.details('other', { userId: 'u' }, true)).toMatchObject({ value: true });
  });

  it('are followed to any depth', () => {
    const length = 20_000;
    const flags = Object.fromEntries(
      Array.from({ length }, (_, index) => [
        `f${index}`,
        index + 1 < length ? waiting(`f${index + 1}`, 'on') : ({ status: 'beta', betaUsers: ['u1'] } as const),
      ]),
    );
    const evaluator = evaluatorOf(flags);
    expect(evaluator.isEnabled('f0', { userId: 'u1' }, false)).toBe(true);
    expect(evaluator.isEnabled('f0', { userId: 'u2' }, true)).toBe(false);
  });

  it('that are shared are asked once', () => {
    let reads = 0;
    const context = {
      get country(): string {
        reads++;
        return 'DE';
      },
    };
    const flags: Record<string, FlagDefinition> = {
      f0: {
        type: 'boolean',
        rules: [{ when: { attribute: 'country', op: 'equals', value: 'DE' }, serve: 'on' }],
        fallthrough: 'off',
      },
    };
    for (let index = 1; index < 60; index++) {
      const flag = `f${index - 1}`;
      flags[`f${index}`] = {
        type: 'boolean',
        prerequisites: [
          { flag, variants: ['on'] },
          { flag, variants: ['on', 'off'] },
        ],
        fallthrough: 'on',
      };
    }
    expect(evaluatorOf(flags).isEnabled('f59', context, false)).toBe(true);
    expect(reads).toBe(1);
  });

  it('in a circle, which the decoder refuses, end as an error', () => {
    const document: FlagDocument = {
      schemaVersion: 1,
      flags: { a: waiting('b', 'on'), b: waiting('c', 'on'), c: waiting('a', 'on'), self: waiting('self', 'on') },
    };
    const evaluator = createEvaluator(document);
    for (const key of ['a', 'b', 'self']) {
      expect(evaluator.details(key, {}, true)).toEqual({
        flagKey: key,
        value: true,
        reason: 'ERROR',
        errorCode: 'GENERAL',
        errorMessage: 'a cycle',
      });
    }
  });
});

describe('time', () => {
  let nowMs = 0;
  const evaluator = evaluatorOf(
    {
      scheduled: { status: 'enabled', schedule: { onAt: '2026-03-01T00:00:00Z', offAt: '2026-04-01T00:00:00+02:00' } },
      begins: {
        type: 'string',
        variants: { a: 'A', z: 'Z' },
        offVariant: 'z',
        fallthrough: 'a',
        schedule: { onAt: '2026-03-01T00:00:00Z' },
      },
      steps: {
        type: 'boolean',
        fallthrough: {
          kind: 'ramp',
          variant: 'on',
          otherwise: 'off',
          curve: 'steps',
          points: [
            { at: '2026-03-01T00:00:00Z', percentage: 10 },
            { at: '2026-03-02T00:00:00Z', percentage: 50 },
            { at: '2026-03-03T00:00:00Z', percentage: 80 },
          ],
        },
      },
      linear: {
        type: 'boolean',
        salt: 'steps',
        fallthrough: {
          kind: 'ramp',
          variant: 'on',
          otherwise: null,
          curve: 'linear',
          points: [
            { at: '2026-03-01T00:00:00Z', percentage: 0 },
            { at: '2026-03-11T00:00:00Z', percentage: 100 },
          ],
        },
      },
      paused: {
        type: 'boolean',
        salt: 'steps',
        fallthrough: {
          kind: 'ramp',
          variant: 'on',
          otherwise: 'off',
          curve: 'linear',
          points: [
            { at: '2026-03-01T00:00:00Z', percentage: 0 },
            { at: '2026-03-11T00:00:00Z', percentage: 100 },
          ],
          pauses: [
            { from: '2026-02-01T00:00:00Z', until: '2026-02-10T00:00:00Z' },
            { from: '2026-03-03T00:00:00Z', until: '2026-03-05T00:00:00Z' },
            { from: '2026-03-08T00:00:00Z' },
          ],
        },
      },
      waits: { type: 'boolean', prerequisites: [{ flag: 'scheduled', variants: ['on'] }], fallthrough: 'on' },
    },
    {},
    () => nowMs,
  );
  /** The share of users, in percent, at a time. */
  const share = (key: string, time: string): number => {
    nowMs = at(time);
    let on = 0;
    for (let userId = 0; userId < 2000; userId++) if (evaluator.isEnabled(key, { userId }, false)) on++;
    return Math.round(on / 20);
  };

  it.each([
    ['2026-02-28T23:59:59.999Z', false],
    ['2026-03-01T00:00:00Z', true],
    ['2026-03-31T21:59:59.999Z', true],
    ['2026-03-31T22:00:00Z', false],
  ])('turns a flag on and off by its schedule: %s %s', (time, expected) => {
    nowMs = at(time);
    expect(evaluator.isEnabled('scheduled', {}, !expected)).toBe(expected);
    expect(evaluator.details('scheduled', {}, false).reason).toBe(expected ? 'DEFAULT' : 'DISABLED');
    expect(evaluator.isEnabled('waits', {}, !expected)).toBe(expected);
  });

  it('serves the off variant outside a schedule', () => {
    nowMs = at('2026-02-01T00:00:00Z');
    expect(evaluator.details('begins', {}, '')).toEqual({
      flagKey: 'begins',
      value: 'Z',
      variant: 'z',
      reason: 'DISABLED',
    });
  });

  it('raises a rollout in steps', () => {
    expect(share('steps', '2026-02-28T23:59:59Z')).toBe(0);
    expect(Math.abs(share('steps', '2026-03-01T00:00:00Z') - 10)).toBeLessThanOrEqual(2);
    expect(share('steps', '2026-03-01T23:59:59Z')).toBe(share('steps', '2026-03-01T00:00:00Z'));
    expect(Math.abs(share('steps', '2026-03-02T12:00:00Z') - 50)).toBeLessThanOrEqual(2);
    expect(share('steps', '2030-01-01T00:00:00Z')).toBe(share('steps', '2026-03-03T00:00:00Z'));
  });

  it('raises a rollout evenly, and loses nobody', () => {
    const shares = Array.from({ length: 14 }, (_, day) =>
      share('linear', new Date(at('2026-02-28T00:00:00Z') + day * 86_400_000).toISOString()),
    );
    expect(shares.slice(0, 2)).toEqual([0, 0]);
    for (const [day, found] of shares.entries())
      expect(Math.abs(found - Math.min(100, Math.max(0, (day - 1) * 10)))).toBeLessThanOrEqual(2);
    expect(shares.slice(-3)).toEqual([100, 100, 100]);
    expect(shares.toSorted((a, b) => a - b)).toEqual(shares);
  });

  it('stands still while paused and does not jump afterwards', () => {
    expect(share('paused', '2026-03-02T00:00:00Z')).toBe(share('linear', '2026-03-02T00:00:00Z'));
    expect(share('paused', '2026-03-04T12:00:00Z')).toBe(share('linear', '2026-03-03T00:00:00Z'));
    expect(share('paused', '2026-03-05T00:00:00Z')).toBe(share('linear', '2026-03-03T00:00:00Z'));
    expect(share('paused', '2026-03-06T00:00:00Z')).toBe(share('linear', '2026-03-04T00:00:00Z'));
    expect(share('paused', '2030-01-01T00:00:00Z')).toBe(share('linear', '2026-03-06T00:00:00Z'));
  });

  it('is read once for each flag in a question that it matters to', () => {
    let readings = 0;
    const flags: Record<string, FlagDefinition> = {
      a: { status: 'enabled', schedule: { onAt: '2026-03-01T00:00:00Z' } },
      b: {
        type: 'boolean',
        schedule: { onAt: '2026-03-01T00:00:00Z' },
        prerequisites: [{ flag: 'a', variants: ['on'] }],
        fallthrough: 'on',
      },
    };
    const counting = evaluatorOf(flags, {}, () => (readings++, at('2026-03-02T00:00:00Z')));
    expect(counting.isEnabled('b', {}, false)).toBe(true);
    expect(readings).toBe(2);
    counting.isEnabled('b', {}, false);
    expect(readings).toBe(4);
  });

  it('is not read for flags that it does not matter to', () => {
    // The clock of evaluatorOf throws.
    const timeless = evaluatorOf({
      on: { status: 'enabled' },
      canary: { status: 'canary', rolloutPercentage: 50 },
      beta: { status: 'beta', betaUsers: ['u'] },
    });
    expect(timeless.all({ userId: 'u' })).toMatchObject({ on: true, beta: true });
    expect(timeless.details('canary', { userId: 'u' }, false).errorCode).toBeUndefined();
  });
});

describe('an evaluator', () => {
  it('answers for an unknown flag with the fallback', () => {
    const evaluator = evaluatorOf({ a: { status: 'enabled' } });
    for (const key of ['nope', '', '__proto__', 'constructor', 'toString']) {
      expect(evaluator.isEnabled(key, {}, true)).toBe(true);
      expect(evaluator.isEnabled(key, {}, false)).toBe(false);
      expect(evaluator.value(key, {}, 'mine')).toBe('mine');
      expect(evaluator.details(key, {}, 1)).toEqual({
        flagKey: key,
        value: 1,
        reason: 'ERROR',
        errorCode: 'FLAG_NOT_FOUND',
        errorMessage: 'no such flag',
      });
    }
  });

  it('F57 serves the fallback of a flag that is set aside, and says why', () => {
    const result = decodeDocument(
      JSON.stringify({
        schemaVersion: 1,
        flags: { new: { status: 'preview', clientVisible: true }, other: { status: 'enabled' } },
      }),
    );
    const evaluator = createEvaluator((result as { document: FlagDocument }).document);
    expect(evaluator.isEnabled('new', {}, true)).toBe(true);
    expect(evaluator.details('new', {}, true)).toEqual({
      flagKey: 'new',
      value: true,
      reason: 'ERROR',
      errorCode: 'PARSE_ERROR',
      errorMessage: '$.flags.new.status: found "preview", allowed: enabled, disabled, beta, canary',
    });
    expect(evaluator.all({})).toEqual({ other: true });
  });

  it('gives all flags that have a value, or those that browsers may see', () => {
    const evaluator = evaluatorOf({
      on: { status: 'enabled', clientVisible: true },
      hidden: { status: 'enabled', clientVisible: false },
      secret: { type: 'string', variants: { a: 'A' }, fallthrough: 'a' },
      fallback: { type: 'string', variants: { a: 'A' }, fallthrough: null, clientVisible: true },
      ['__proto__']: { status: 'disabled', clientVisible: true },
    });
    const all = evaluator.all({ userId: 'u' });
    expect(Object.entries(all)).toEqual([
      ['on', true],
      ['hidden', true],
      ['secret', 'A'],
      ['__proto__', false],
    ]);
    expect(Object.entries(evaluator.all({}, { clientVisibleOnly: true }))).toEqual([
      ['on', true],
      ['__proto__', false],
    ]);
  });

  it('F22 gives a flag named __proto__ like any other', () => {
    const flags = JSON.parse('{"__proto__":{"status":"enabled"},"constructor":{"status":"disabled"}}') as Record<
      string,
      FlagDefinition
    >;
    const all = evaluatorOf(flags).all({});
    expect(Object.entries(all)).toEqual([
      ['__proto__', true],
      ['constructor', false],
    ]);
    expect(JSON.stringify(all)).toBe('{"__proto__":true,"constructor":false}');
  });

  it('compiles flags on first use, counts them, and drops them when asked', () => {
    const evaluator = createEvaluator(documentOf({ a: { status: 'enabled' }, b: { status: 'disabled' } }));
    expect(evaluator.cacheSize).toBe(0);
    evaluator.isEnabled('a', {}, false);
    evaluator.isEnabled('a', { userId: 'u' }, false);
    evaluator.isEnabled('nope', {}, false);
    expect(evaluator.cacheSize).toBe(1);
    evaluator.all({});
    expect(evaluator.cacheSize).toBe(2);
    evaluator.clearCache();
    expect(evaluator.cacheSize).toBe(0);
    expect(evaluator.isEnabled('a', {}, false)).toBe(true);
    expect(evaluator.cacheSize).toBe(1);
  });

  it('survives a document that was not decoded', () => {
    const evaluator = createEvaluator({
      schemaVersion: 1,
      flags: {
        broken: { type: 'boolean', rules: [{ when: { attribute: 'a', op: 'nope' }, serve: 'on' }], fallthrough: 'off' },
        pattern: {
          type: 'boolean',
          rules: [{ when: { attribute: 'a', op: 'matches', value: '(' }, serve: 'on' }],
          fallthrough: 'off',
        },
        missing: { type: 'boolean', rules: [{ when: { segment: 'nobody' }, serve: 'on' }], fallthrough: 'off' },
        nothing: null,
      },
    } as unknown as FlagDocument);
    for (const key of ['broken', 'pattern', 'nothing']) {
      expect(evaluator.isEnabled(key, {}, true)).toBe(true);
      expect(evaluator.details(key, {}, true).errorCode).toBe('PARSE_ERROR');
    }
    expect(evaluator.isEnabled('missing', {}, true)).toBe(true);
  });
});
