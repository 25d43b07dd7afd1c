// F65: one entry among many is wrong. What is left of the document comes with the refusal.
import { describe, expect, it } from 'vitest';
import { decodeDocument, type Decoded } from '../../src/document/decode.ts';
import type { EvaluationContext } from '../../src/evaluation/context.ts';
import { createEvaluator } from '../../src/evaluation/evaluator.ts';
import { randomContext } from '../evaluation/hostile.ts';
import { mutate } from './mutate.ts';
import { randomDocument } from './random-document.ts';
import { runSeed } from '../../../../scripts/drawn-tests.ts';
import { seededRandom } from './random.ts';

type Flags = Record<string, unknown>;

const sound = { status: 'enabled' };
const waiting = (...keys: string[]): unknown => ({
  type: 'boolean',
  prerequisites: keys.map((flag) => ({ flag, variants: ['on'] })),
  offVariant: 'off',
  fallthrough: 'on',
});
const inSegment = (segment: string): unknown => ({
  type: 'boolean',
  rules: [{ when: { segment }, serve: 'on' }],
  fallthrough: 'off',
});

/** What is left of a document that is refused. */
function restOf(flags: Flags, segments?: Flags): Decoded | undefined {
  const result = decodeDocument(JSON.stringify({ schemaVersion: 1, flags, segments }));
  if (result.ok) throw new Error('the document was not refused');
  expect(result.problems.length).toBeGreaterThan(0);
  return result.rest;
}

/** The flags that are left, and those that are set aside, each with the place of what is wrong. */
function left(flags: Flags, segments?: Flags) {
  const rest = restOf(flags, segments);
  return {
    flags: Object.keys(rest?.document.flags ?? {}),
    setAside: Object.fromEntries(rest?.setAside.map(({ flagKey, problem }) => [flagKey, problem.path]) ?? []),
  };
}

describe('a document of which one entry is wrong', () => {
  it.each<[string, unknown, string]>([
    ['null', null, '$.flags.bad'],
    ['text', 'on', '$.flags.bad'],
    ['a list', [sound], '$.flags.bad'],
    ['a status that is a number', { status: 5 }, '$.flags.bad.status'],
    ['a percentage that is text', { status: 'canary', rolloutPercentage: '25' }, '$.flags.bad.rolloutPercentage'],
    ['no way to serve', { type: 'boolean' }, '$.flags.bad.fallthrough'],
    ['a prerequisite that is not there', waiting('nobody'), '$.flags.bad.prerequisites[0].flag'],
    ['a segment that is not there', inSegment('nobody'), '$.flags.bad.rules[0].when.segment'],
  ])('F65 is left without it: %s', (_, bad, path) => {
    expect(left({ one: sound, bad, two: sound })).toEqual({ flags: ['one', 'two'], setAside: { bad: path } });
  });

  it('F65 is left without a segment, a layer or a holdout that is wrong, whoever reads it', () => {
    const tables = {
      segments: { bad: { when: 5 }, uses: { when: { segment: 'bad' } }, fine: {} },
      layers: { bad: { slots: [] }, fine: { slots: {} } },
      holdouts: { bad: 5, fine: { percentage: 5 } },
    };
    const result = decodeDocument(JSON.stringify({ schemaVersion: 1, flags: { one: sound }, ...tables }));
    const { segments, layers, holdouts } = (!result.ok && result.rest?.document) || {};
    expect([segments, layers, holdouts].map((table) => Object.keys(table ?? {}))).toEqual([
      ['fine'],
      ['fine'],
      ['fine'],
    ]);
  });

  it('F65 is left without one whose name is empty', () => {
    expect(left({ '': sound, one: sound })).toEqual({ flags: ['one'], setAside: { '': '$.flags[""]' } });
  });

  it('F65 is left without a flag that asks another for a variant that it does not have', () => {
    const asks = { ...(waiting() as Flags), prerequisites: [{ flag: 'one', variants: ['blue'] }] };
    expect(left({ asks, one: sound })).toEqual({ flags: ['one'], setAside: { asks: '$.flags.asks.prerequisites[0]' } });
  });

  it('F65 is left without the flags that use a segment that is wrong, directly or through others', () => {
    const flags = { direct: inSegment('bad'), through: inSegment('outer'), other: inSegment('good') };
    const segments = { bad: { include: 'u1' }, outer: { when: { segment: 'bad' } }, good: { include: ['u1'] } };
    const at = '$.segments.bad.include';
    expect(left(flags, segments)).toEqual({ flags: ['other'], setAside: { direct: at, through: at } });
  });

  it('F65 keeps flags that wait for the one that is wrong, which then answer as if it were off', () => {
    const rest = restOf({ bad: { status: 5 }, waits: waiting('bad') });
    expect(rest?.setAside.map(({ flagKey }) => flagKey)).toEqual(['bad']);
    const evaluator = createEvaluator(rest!.document);
    expect(evaluator.details('waits', {}, true)).toMatchObject({ value: false, reason: 'PREREQUISITE_FAILED' });
    expect(evaluator.details('bad', {}, true)).toMatchObject({
      value: true,
      reason: 'ERROR',
      errorCode: 'PARSE_ERROR',
      errorMessage: '$.flags.bad.status: found 5, allowed: enabled, disabled, beta, canary',
    });
  });

  it('F65 is left without all that goes in a circle, and with what only leads there', () => {
    const flags = { leads: waiting('a'), a: waiting('b', 'out'), b: waiting('c'), c: waiting('a', 'b'), out: sound };
    const { flags: kept, setAside } = left(flags);
    expect(kept).toEqual(['leads', 'out']);
    expect(Object.keys(setAside).toSorted()).toEqual(['a', 'b', 'c']);
    // In any order.
    const turned = Object.fromEntries(Object.entries(flags).toReversed());
    expect(left(turned).flags).toEqual(['out', 'leads']);
    expect(left({ self: waiting('self'), one: sound })).toEqual({ flags: ['one'], setAside: { self: '$.flags.self' } });
  });

  it('F65 is left without the users of segments that go in a circle or nest too deeply', () => {
    const circle = { a: { when: { segment: 'b' } }, b: { when: { segment: 'a' } } };
    expect(left({ user: inSegment('a'), one: sound }, circle).flags).toEqual(['one']);
    const chain = Object.fromEntries(
      Array.from({ length: 40 }, (_, n) => [`s${n}`, n < 39 ? { when: { segment: `s${n + 1}` } } : {}]),
    );
    const { flags, setAside } = left({ deep: inSegment('s3'), flat: inSegment('s8') }, chain);
    expect(flags).toEqual(['flat']);
    expect(setAside).toEqual({ deep: '$.segments.s3' });
  });

  it('F65 names each of a thousand that are wrong, and tells twenty', () => {
    const flags: Flags = Object.fromEntries(Array.from({ length: 1_000 }, (_, n) => [`f${n}`, { status: n }]));
    const result = decodeDocument(JSON.stringify({ schemaVersion: 1, flags: { ...flags, one: sound } }));
    expect(result).toMatchObject({ ok: false, problems: { length: 20 }, rest: { setAside: { length: 1_000 } } });
    expect(!result.ok && result.rest?.setAside[999]?.problem.path).toBe('$.flags.f999.status');
  });

  it('has nothing left when each flag is wrong, or what is no part of a flag', () => {
    expect(restOf({ bad: null })).toBeUndefined();
    expect(restOf({ one: sound }, [] as unknown as Flags)).toBeUndefined();
    for (const outline of [{ schemaVersion: 2 }, { environment: 7 }, { flags: [] }]) {
      const text = JSON.stringify({ schemaVersion: 1, flags: { one: sound, bad: null }, ...outline });
      expect(decodeDocument(text)).not.toHaveProperty('rest');
    }
  });

  it('takes time in proportion to its size when everything goes in circles', () => {
    const length = 20_000;
    // Each waits for the next, and for the first: as many circles as flags, each as long as the way so far.
    const flags = Object.fromEntries(
      Array.from({ length }, (_, n) => [`f${n}`, n + 1 < length ? waiting(`f${n + 1}`, 'f0') : waiting('f0')]),
    );
    const { flags: kept, setAside } = left({ ...flags, one: sound });
    expect(kept).toEqual(['one']);
    expect(Object.keys(setAside)).toHaveLength(length);
  });

  it('F65 answers for all others as the sound document does', () => {
    const seed = runSeed();
    let compared = 0;
    for (let round = 0; round < 800; round++) {
      const random = seededRandom(seed + round);
      const text = JSON.stringify(randomDocument(random));
      const document = JSON.parse(text) as { flags: Flags };
      const keys = Object.keys(document.flags);
      const bad = random.pick(keys);
      if (typeof document.flags[bad] === 'object' && document.flags[bad] !== null) mutate(random, document.flags[bad]);
      const result = decodeDocument(JSON.stringify(document));
      const whole = decodeDocument(text);
      if (result.ok || result.rest === undefined || !whole.ok) continue;
      const aside = new Set(result.rest.setAside.map(({ flagKey }) => flagKey));
      const [left, all] = [createEvaluator(result.rest.document), createEvaluator(whole.document)];
      const context = (): unknown => randomContext(seededRandom(seed - round));
      for (const key of keys) {
        const details = left.details(key, context() as EvaluationContext, 'fallback');
        if (aside.has(key)) expect(details.errorCode, `SEED=${seed + round}`).toBe('PARSE_ERROR');
        else if (!JSON.stringify(document.flags[key]).includes('"prerequisites":[{')) {
          compared++;
          expect(details, `SEED=${seed + round} ${key} of ${text}`).toEqual(
            all.details(key, context() as EvaluationContext, 'fallback'),
          );
        }
      }
    }
    expect(compared, `SEED=${seed}`).toBeGreaterThan(200);
  });
});
