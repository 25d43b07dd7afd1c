import type { FlagDocument, RangedSplit } from '@clarity/flags-core/document';
import { bucket, createEvaluator } from '@clarity/flags-core/evaluation';
import { describe, expect, it } from 'vitest';
import { runSeed, sized } from '../../../../scripts/drawn-tests.ts';
import { type Random, seededRandom } from '../../../core/test/document/random.ts';
import { impact, movement, reshape } from '../../src/index.ts';
import { documentWith } from '../instructions/applied.ts';

const AT = Date.UTC(2026, 11, 1);

/** As many users as there are in `perBucket` of each of 100,000 buckets, for a salt. */
function spreadUsers(salt: string, perBucket: number): readonly string[] {
  const counts = new Uint8Array(100_000);
  const users: string[] = [];
  for (let id = 0; users.length < 100_000 * perBucket; id++) {
    const user = `u${id}`;
    const place = bucket(salt, user);
    if (counts[place]! >= perBucket) continue;
    counts[place]!++;
    users.push(user);
  }
  return users;
}

const USERS = spreadUsers('a', 2);

/** None is empty. */
function rangesOf(from: number, to: number): readonly unknown[] {
  return from === to ? [] : [[from, to]];
}

function split(random: Random): unknown {
  const cuts = Array.from({ length: 4 }, () => random.integer(101)).sort((one, other) => one - other);
  const [first, second, third, last] = cuts.map((cut) => cut * 1_000) as [number, number, number, number];
  const weighted = (weight: number) => ({
    kind: 'split',
    variants: [
      { variant: 'x', weight },
      { variant: 'y', weight: 100 - weight },
    ],
  });
  return random.pick<unknown>([
    'x',
    'z',
    null,
    weighted(random.integer(101)),
    weighted(random.integer(100_001) / 1_000),
    {
      kind: 'split',
      variants: [
        { variant: 'x', ranges: rangesOf(first, second) },
        { variant: 'y', ranges: rangesOf(third, last) },
      ],
      otherwise: random.pick(['x', 'z', null]),
    },
    { kind: 'split', of: 7, variants: [{ variant: 'x', ranges: rangesOf(0, random.integer(8)) }], otherwise: 'y' },
    {
      kind: 'ramp',
      variant: 'x',
      otherwise: 'y',
      curve: 'linear',
      points: [
        { at: '2026-11-30T00:00:00Z', percentage: 0 },
        { at: '2026-12-30T00:00:00Z', percentage: 1 + random.integer(100) },
      ],
    },
  ]);
}

function documentServing(fallthrough: unknown, more: object = {}): FlagDocument {
  return documentWith({
    a: { type: 'string', variants: { x: '1', y: '2', z: '1' }, fallthrough, ...more },
    other: { status: 'enabled' },
  });
}

/** Per cent of users whose answer is another one, by evaluating both. */
function evaluated(before: FlagDocument, after: FlagDocument): number {
  const [old, one] = [before, after].map((document) => createEvaluator(document, { now: () => AT }));
  const changed = USERS.filter((targetingKey) => {
    const context = { targetingKey };
    return old!.value('a', context, 'none') !== one!.value('a', context, 'none');
  });
  return (changed.length * 100) / USERS.length;
}

describe('the impact of a change', () => {
  it('on 200,000 contexts is what evaluating them gives, and what the shares give to 0.1 %', () => {
    const seed = runSeed();
    const random = seededRandom(seed);
    const contexts = USERS.map((targetingKey) => ({ targetingKey }));
    for (let draw = 0; draw < sized(4, 500); draw++) {
      const [before, after] = [documentServing(split(random)), documentServing(split(random))];
      const share = evaluated(before, after);
      const told = JSON.stringify({ SEED: seed, draw, before, after });
      const onContexts = impact(before, after, AT, contexts).find(({ flagKey }) => flagKey === 'a');
      expect(onContexts?.percent ?? 0, told).toBe(share);
      const [onBuckets] = impact(before, after, AT);
      expect(Math.abs((onBuckets?.percent ?? 0) - share), told).toBeLessThan(0.1);
    }
  });

  it('is told of every flag that asks for what changes', () => {
    const rule = { when: { segment: 's' }, serve: 'on' };
    const flags = {
      a: { type: 'boolean', rules: [rule], fallthrough: 'off' },
      b: { type: 'boolean', prerequisites: [{ flag: 'a', variants: ['on'] }], fallthrough: 'on' },
      c: { status: 'enabled' },
    };
    const plan = (value: string) => ({ segments: { s: { when: { attribute: 'plan', op: 'equals', value } } } });
    const [before, after] = [documentWith(flags, plan('pro')), documentWith(flags, plan('free'))];
    const contexts = ['pro', 'free', 'other', 'other'].map((name) => ({ targetingKey: 'u', plan: name }));
    expect(impact(before, after, AT, contexts)).toEqual([
      { flagKey: 'a', of: 'contexts', percent: 50, text: '50 % of 4 contexts' },
      { flagKey: 'b', of: 'contexts', percent: 50, text: '50 % of 4 contexts' },
    ]);
    expect(impact(before, after, AT)).toEqual([
      { flagKey: 'a', of: 'hash space', text: 'depends on who asks: what the flag asks for changes' },
      { flagKey: 'b', of: 'hash space', text: 'depends on who asks: what the flag asks for changes' },
    ]);
  });

  it('is a share of those who reach a place, and says so', () => {
    const before = documentWith({ a: { status: 'canary', rolloutPercentage: 25 } });
    const after = documentWith({ a: { status: 'canary', rolloutPercentage: 30 } });
    expect(impact(before, after, AT)).toEqual([
      {
        flagKey: 'a',
        of: 'hash space',
        place: 'fallthrough',
        percent: 5,
        text: '5 % of hash space, among those who reach the fallthrough',
      },
    ]);
  });

  it('of a reshaped split is what moves', () => {
    const ranged: RangedSplit = {
      kind: 'split',
      variants: [
        { variant: 'x', ranges: [[0, 30_000]] },
        { variant: 'y', ranges: [[30_000, 60_000]] },
      ],
      otherwise: null,
    };
    const next = reshape(ranged, { weights: { x: 1, y: 3 }, coverage: 80 });
    const [one] = impact(documentServing(ranged), documentServing(next), AT);
    expect(one!.percent).toBeCloseTo(movement(ranged, next).moved, 9);
  });

  it('is told rule by rule where their conditions stay', () => {
    const rules = (serve: unknown) => [{ id: 'swiss', when: { attribute: 'country', op: 'exists' }, serve }];
    const before = documentServing('x', { rules: rules('x') });
    const after = documentServing('x', { rules: rules('y') });
    expect(impact(before, after, AT)).toMatchObject([
      { place: 'swiss', percent: 100, text: '100 % of hash space, among those who reach rule swiss' },
    ]);
    const others = documentServing('y', { rules: [{ when: { attribute: 'plan', op: 'exists' }, serve: 'y' }] });
    expect(impact(before, others, AT).map(({ text }) => text)).toEqual([
      'depends on who asks: conditions of rules change',
      '100 % of hash space, among those who reach the fallthrough',
    ]);
  });

  it('of turning a flag off is what it served to others than the off variant', () => {
    const half = {
      kind: 'split',
      variants: [
        { variant: 'x', weight: 40 },
        { variant: 'y', weight: 60 },
      ],
    };
    const before = documentServing(half, { offVariant: 'x' });
    const after = documentServing(half, { offVariant: 'x', enabled: false });
    expect(impact(before, after, AT)).toMatchObject([{ place: 'fallthrough', percent: 60 }]);
    const later = documentServing(half, { offVariant: 'x', enabled: false, description: 'why' });
    expect(impact(after, later, AT)).toEqual([]);
  });

  it('of dealing anew is what is to be expected', () => {
    const dealt = (salt: string) => ({
      kind: 'split',
      salt,
      variants: [
        { variant: 'x', weight: 50 },
        { variant: 'y', weight: 50 },
      ],
    });
    const [one] = impact(documentServing(dealt('one')), documentServing(dealt('two')), AT);
    expect(one).toMatchObject({
      percent: 50,
      text: 'about 50 % of hash space, among those who reach the fallthrough: users are dealt anew',
    });
  });

  it('of who goes on to the next rule is an upper bound', () => {
    const rule = (to: number) => ({
      rules: [
        {
          when: { attribute: 'plan', op: 'exists' },
          serve: { kind: 'split', variants: [{ variant: 'y', ranges: [[0, to]] }], gaps: 'continue' },
        },
      ],
    });
    const [one] = impact(documentServing('x', rule(10_000)), documentServing('x', rule(30_000)), AT);
    expect(one).toMatchObject({ percent: 20, text: 'up to 20 % of hash space, among those who reach rule 1' });
  });

  it('of a flag that is new or gone, and of another layer, nobody can tell without contexts', () => {
    const flag = { status: 'enabled' };
    expect(impact(documentWith({ b: flag }), documentWith({ a: flag, b: flag }), AT)).toEqual([
      { flagKey: 'a', of: 'hash space', text: 'depends on the fallback of those who ask: the flag is new' },
    ]);
    const inLayer = (slot: number, to: number) =>
      documentWith(
        {
          a: {
            type: 'boolean',
            fallthrough: {
              kind: 'split',
              variants: [{ variant: 'on', ranges: [[0, to]] }],
              otherwise: 'off',
              experiment: { id: 'e', phase: 1 },
              layer: 'l',
            },
          },
        },
        { layers: { l: { slots: { e: [[0, slot]] } } } },
      );
    expect(impact(inLayer(5, 10), inLayer(6, 20), AT)).toMatchObject([
      { text: 'depends on who asks: what the flag asks for changes' },
      { text: 'depends on who takes part', place: 'fallthrough' },
    ]);
    expect(impact(inLayer(5, 10_000), inLayer(5, 20_000), AT)).toMatchObject([{ percent: 10 }]);
  });
});
