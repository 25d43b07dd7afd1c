import type { Condition, FlagDefinition, LongFlag, Ramp, Rule, Schedule } from '@clarity/flags-core/document';
import { describe as group, expect, it } from 'vitest';
import { describe } from '../../src/index.ts';

const AT = '2026-12-04T10:00:00Z';
const say = (flag: FlagDefinition, at = AT): string => describe(flag, Date.parse(at));
const long = (changes: Partial<LongFlag>): LongFlag => ({ type: 'boolean', fallthrough: 'off', ...changes });
const colours = (changes: Partial<LongFlag>): LongFlag =>
  long({ type: 'string', variants: { blue: '#00f', red: '#f00', green: '#0f0' }, fallthrough: 'red', ...changes });

group('a short flag', () => {
  it.each<[FlagDefinition, string]>([
    [{ status: 'enabled' }, 'on for everybody'],
    [{ status: 'disabled' }, 'off for everybody'],
    [{ status: 'disabled', betaUsers: ['u1'], rolloutPercentage: 20 }, 'off for everybody'],
    [{ status: 'enabled', betaUsers: ['u1'] }, 'on for everybody'],
    [{ status: 'beta', betaUsers: ['u1'] }, 'on for 1 tester; off else'],
    [{ status: 'beta', betaUsers: ['u1', 'u2', 3] }, 'on for 3 testers; off else'],
    [{ status: 'beta', betaUsers: ['3', 3, '3'] }, 'on for 1 tester; off else'],
    [{ status: 'beta' }, 'off for everybody'],
    [{ status: 'canary', rolloutPercentage: 25, betaUsers: ['u1', 'u2'] }, '25 % of users, and 2 testers'],
    [{ status: 'canary', rolloutPercentage: 25 }, '25 % of users'],
    [{ status: 'canary', rolloutPercentage: 0.125 }, '0.125 % of users'],
    [{ status: 'canary', rolloutPercentage: 100 }, '100 % of users'],
    [{ status: 'canary' }, '0 % of users'],
  ])('%j is "%s"', (flag, words) => {
    expect(say(flag)).toBe(words);
  });
});

group('a long flag with one answer', () => {
  it.each<[FlagDefinition, string]>([
    [long({ fallthrough: 'on' }), 'on for everybody'],
    [long({}), 'off for everybody'],
    [long({ fallthrough: null }), 'the fallback for everybody'],
    [long({ enabled: false, fallthrough: 'on' }), 'off for everybody'],
    [long({ enabled: false, offVariant: null }), 'disabled: the fallback for everybody'],
    [long({ enabled: false, offVariant: 'on' }), 'disabled: on for everybody'],
    [long({ variants: { yes: true, no: false }, fallthrough: 'yes' }), 'on for everybody'],
    [long({ variants: { on: false, off: true }, fallthrough: 'on' }), 'off for everybody'],
    [long({ variants: { yes: true, no: false }, enabled: false }), 'disabled: the fallback for everybody'],
    [colours({}), 'red for everybody'],
    [colours({ enabled: false }), 'disabled: the fallback for everybody'],
    [colours({ enabled: false, offVariant: 'blue' }), 'disabled: blue for everybody'],
    [colours({ variants: { 'dark red': '#a00' }, fallthrough: 'dark red' }), '"dark red" for everybody'],
  ])('%j is "%s"', (flag, words) => {
    expect(say(flag)).toBe(words);
  });

  it('takes no name for one that every object has', () => {
    expect(say(colours({ variants: { blue: '' }, fallthrough: 'constructor' }))).toBe('constructor for everybody');
  });
});

group('targets', () => {
  it.each<[FlagDefinition, string]>([
    [long({ targets: [{ variant: 'on', keys: ['a', 'b'] }] }), 'on for 2 named users; off else'],
    [long({ targets: [{ variant: 'off', keys: ['a'] }], fallthrough: 'on' }), 'off for 1 named user; on else'],
    [
      long({
        targets: [
          { variant: 'on', keys: ['a', 'b'] },
          { variant: 'off', keys: ['b', 'c', 'd'] },
        ],
      }),
      'on for 2 named users; off for 2 named users; off else',
    ],
    [long({ targets: [{ variant: 'on', keys: [] }] }), 'off for everybody'],
    [
      colours({
        targets: [
          { variant: 'blue', keys: ['a'] },
          { variant: 'blue', keys: ['b'] },
        ],
      }),
      'blue for 2 named users; red else',
    ],
    [
      long({ targets: [{ variant: 'on', keys: ['a'] }], fallthrough: split({ on: 10, off: 90 }) }),
      '10 % of users, and 1 named user',
    ],
    [
      long({ targets: [{ variant: 'off', keys: ['a'] }], fallthrough: split({ on: 10, off: 90 }) }),
      'off for 1 named user; else 10 % of users',
    ],
    [
      long({
        targets: [
          { variant: 'on', keys: ['a'] },
          { variant: 'off', keys: ['b'] },
        ],
        fallthrough: split({ on: 10, off: 90 }),
      }),
      'on for 1 named user; off for 1 named user; else 10 % of users',
    ],
    [
      colours({ targets: [{ variant: 'blue', keys: ['a'] }], fallthrough: split({ blue: 1, red: 1 }) }),
      'blue for 1 named user; else 50 % blue, 50 % red',
    ],
  ])('%j is "%s"', (flag, words) => {
    expect(say(flag)).toBe(words);
  });
});

group('rules', () => {
  const swiss: Condition = { attribute: 'country', op: 'equals', value: 'CH' };
  const pro: Condition = { attribute: 'plan', op: 'equals', value: 'pro' };
  const rules = (...list: readonly (readonly [Condition, Rule['serve']])[]): { readonly rules: readonly Rule[] } => ({
    rules: list.map(([when, serve]) => ({ when, serve })),
  });

  it.each<[FlagDefinition, string]>([
    [long(rules([swiss, 'on'])), 'on for Switzerland; off else'],
    [long({ ...rules([pro, 'off']), fallthrough: 'on' }), 'off where plan is pro; on else'],
    [long(rules([{ segment: 'staff' }, 'on'])), 'on for segment staff; off else'],
    [long(rules([swiss, null])), 'the fallback for Switzerland; off else'],
    [long(rules([swiss, 'on'], [pro, 'on'])), 'on for Switzerland and where plan is pro; off else'],
    [long(rules([swiss, 'on'], [pro, 'off'])), 'on for Switzerland; off where plan is pro; off else'],
    [
      long({ ...rules([swiss, 'on']), targets: [{ variant: 'on', keys: ['a'] }] }),
      'on for 1 named user and for Switzerland; off else',
    ],
    [long(rules([swiss, split({ on: 25, off: 75 })])), '25 % of users in Switzerland; off else'],
    [long(rules([pro, split({ on: 25, off: 75 })])), '25 % of users where plan is pro; off else'],
    [
      long({ ...rules([swiss, 'on']), fallthrough: split({ on: 25, off: 75 }) }),
      'on for Switzerland; else 25 % of users',
    ],
    [long(rules([swiss, ramp()])), 'ramps to 100 % by 8 Dec, now 50 %, in Switzerland; off else'],
    [colours(rules([swiss, 'blue'])), 'blue for Switzerland; red else'],
    [
      long(rules([{ all: [{ segment: 'pilots' }, { attribute: 'app', op: 'semverAtLeast', value: '4.2.0' }] }, 'on'])),
      'on for segment pilots where app is at least version 4.2.0; off else',
    ],
    [long(rules([{ all: [] }, 'on'])), 'on for everybody; off else'],
    [
      long(rules([swiss, 'on'], [pro, 'on'], [swiss, 'off'], [pro, null])),
      'on for Switzerland and where plan is pro; off for Switzerland; the fallback where plan is pro; off else',
    ],
    [
      long(rules([swiss, 'on'], [pro, 'on'], [swiss, 'off'], [pro, 'on'], [swiss, 'on'])),
      'on for Switzerland and where plan is pro; off for Switzerland; 2 more rules; off else',
    ],
  ])('%j is "%s"', (flag, words) => {
    expect(say(flag)).toBe(words);
  });

  it('are named where their conditions are long', () => {
    const when = {
      any: Array.from({ length: 12 }, (_, index) => ({ attribute: `attribute${index}`, op: 'exists' as const })),
    };
    expect(say(long({ rules: [{ when, serve: 'on' }] }))).toBe('on by rule 1; off else');
    expect(say(long({ rules: [{ id: 'vip', when, serve: 'on' }] }))).toBe('on by rule vip; off else');
    expect(
      say(
        long({
          rules: [
            { when: swiss, serve: null },
            { when, serve: split({ on: 1, off: 3 }) },
          ],
        }),
      ),
    ).toBe('the fallback for Switzerland; 25 % of users by rule 2; off else');
  });
});

group('a split', () => {
  it.each<[FlagDefinition, string]>([
    [colours({ fallthrough: split({ blue: 50, red: 30, green: 20 }) }), '50 % blue, 30 % red, 20 % green'],
    [colours({ fallthrough: split({ blue: 1, red: 1, green: 1 }) }), '33.333 % blue, 33.334 % red, 33.333 % green'],
    [colours({ fallthrough: split({ blue: 1, red: 0 }) }), '100 % blue, 0 % red'],
    [colours({ fallthrough: { ...split({ blue: 1, red: 3 }), by: 'companyId' } }), '25 % blue, 75 % red, by companyId'],
    [long({ fallthrough: split({ on: 1, off: 3 }) }), '25 % of users'],
    [long({ fallthrough: split({ off: 3, on: 1 }) }), '25 % of users'],
    [long({ fallthrough: split({ off: 1 }) }), '0 % of users'],
    [long({ fallthrough: { ...split({ on: 1, off: 3 }), by: 'companyId' } }), '25 % by companyId'],
    [long({ variants: { a: true, b: true, c: false }, fallthrough: split({ a: 10, b: 20, c: 70 }) }), '30 % of users'],
  ])('%j is "%s"', (flag, words) => {
    expect(say(flag)).toBe(words);
  });
});

group('a ramp', () => {
  const of = (changes: Partial<Ramp> = {}): LongFlag => long({ fallthrough: ramp(changes) });

  it.each<[string, Partial<Ramp>, string, string]>([
    ['before it begins', {}, '2026-11-29T00:00:00Z', 'ramps to 100 % by 8 Dec, begins 1 Dec'],
    ['in another year', {}, '2025-12-04T10:00:00Z', 'ramps to 100 % by 8 Dec 2026, begins 1 Dec 2026'],
    ['as it begins', {}, '2026-11-30T10:00:00Z', 'ramps to 100 % by 8 Dec, begins 1 Dec'],
    ['on its way', {}, AT, 'ramps to 100 % by 8 Dec, now 50 %'],
    ['to a tenth', {}, '2026-12-04T20:00:00Z', 'ramps to 100 % by 8 Dec, now 55.2 %'],
    ['hardly begun', {}, '2026-12-01T10:01:00Z', 'ramps to 100 % by 8 Dec, now 0.012 %'],
    ['nearly there', {}, '2026-12-08T09:59:00Z', 'ramps to 100 % by 10:00 UTC, now 99.991 %'],
    ['at its first instant', {}, '2026-12-01T10:00:00Z', 'ramps to 100 % by 8 Dec, now 0 %'],
    ['at its end', {}, '2026-12-08T10:00:00Z', '100 % of users'],
    ['on its last day', {}, '2026-12-08T00:00:00Z', 'ramps to 100 % by 10:00 UTC, now 94.8 %'],
    ['in steps', { curve: 'steps' }, AT, 'ramps to 100 % by 8 Dec, now 50 %'],
    ['for others', { by: 'companyId' }, AT, 'ramps to 100 % by 8 Dec, now 50 %, by companyId'],
    ['to the fallback for others', { otherwise: null }, AT, 'on ramps to 100 % by 8 Dec, now 50 %, else the fallback'],
    ['downwards', { variant: 'off', otherwise: 'on' }, AT, 'off ramps to 100 % by 8 Dec, now 50 %, else on'],
    ['downwards, at its end', { variant: 'off', otherwise: 'on' }, '2026-12-09T10:00:00Z', '0 % of users'],
    ['of one point, before', { points: [{ at: '2026-12-08T00:00:00Z', percentage: 30 }] }, AT, '30 % from 8 Dec'],
    ['of one point, after', { points: [{ at: '2026-12-01T00:00:00Z', percentage: 30 }] }, AT, '30 % of users'],
    [
      'that was paused',
      { pauses: [{ from: '2026-12-02T10:00:00Z', until: '2026-12-03T10:00:00Z' }] },
      '2026-12-05T10:00:00Z',
      'ramps to 100 % by 9 Dec, now 50 %',
    ],
    [
      'that is paused for a while',
      { pauses: [{ from: '2026-12-04T10:00:00Z', until: '2026-12-06T10:00:00Z' }] },
      AT,
      'ramps to 100 % by 10 Dec, paused at 50 % until 6 Dec',
    ],
    ['that is paused', { pauses: [{ from: '2026-12-04T10:00:00Z' }] }, AT, 'ramp to 100 % paused at 50 %'],
    [
      'that is paused, with another answer for others',
      { otherwise: null, pauses: [{ from: '2026-12-04T10:00:00Z' }] },
      AT,
      'on ramp to 100 % paused at 50 %, else the fallback',
    ],
    ['that will be paused', { pauses: [{ from: '2026-12-06T10:00:00Z' }] }, AT, 'ramps to 100 %, now 50 %'],
    [
      'that is paused before it begins',
      { pauses: [{ from: '2026-11-01T10:00:00Z' }] },
      '2026-11-20T10:00:00Z',
      'ramps to 100 %, begins 1 Dec',
    ],
    [
      'that was paused after its end',
      { pauses: [{ from: '2026-12-08T10:00:00Z' }] },
      '2026-12-20T10:00:00Z',
      '100 % of users',
    ],
  ])('%s', (_, changes, at, words) => {
    expect(say(of(changes), at)).toBe(words);
  });

  it('of other values names them', () => {
    const flag = colours({ fallthrough: { ...ramp(), variant: 'blue', otherwise: 'red' } });
    expect(say(flag)).toBe('blue ramps to 100 % by 8 Dec, now 50 %, else red');
    expect(say(flag, '2026-12-09T00:00:00Z')).toBe('100 % blue, 0 % red');
  });

  it('stands beside named users', () => {
    expect(say({ ...of(), targets: [{ variant: 'on', keys: ['a', 'b'] }] })).toBe(
      'ramps to 100 % by 8 Dec, now 50 %, and 2 named users',
    );
  });
});

group('a schedule', () => {
  const on = (schedule: Schedule): FlagDefinition => ({ status: 'enabled', schedule });

  it.each<[FlagDefinition, string, string]>([
    [on({ onAt: '2026-12-08T00:00:00Z' }), AT, 'off until 8 Dec, then on for everybody'],
    [on({ onAt: '2026-12-04T18:30:00Z' }), AT, 'off until 18:30 UTC, then on for everybody'],
    [on({ onAt: '2027-01-08T00:00:00Z' }), AT, 'off until 8 Jan 2027, then on for everybody'],
    [on({ onAt: AT }), AT, 'on for everybody'],
    [on({ offAt: '2026-12-08T00:00:00Z' }), AT, 'on for everybody until 8 Dec, then off'],
    [on({ offAt: AT }), AT, 'off since 10:00 UTC'],
    [on({ offAt: '2026-12-01T00:00:00+02:00' }), AT, 'off since 30 Nov'],
    [on({}), AT, 'on for everybody'],
    [
      on({ onAt: '2026-12-08T00:00:00Z', offAt: '2026-12-12T00:00:00Z' }),
      AT,
      'off until 8 Dec, then on for everybody until 12 Dec',
    ],
    [
      { status: 'beta', betaUsers: ['a'], schedule: { offAt: '2026-12-12T00:00:00Z' } },
      AT,
      'on for 1 tester; off else; off from 12 Dec',
    ],
    [
      { status: 'beta', betaUsers: ['a'], schedule: { onAt: '2026-12-08T00:00:00Z', offAt: '2026-12-12T00:00:00Z' } },
      AT,
      'off until 8 Dec, then on for 1 tester; off else; off from 12 Dec',
    ],
    [colours({ schedule: { onAt: '2026-12-08T00:00:00Z' } }), AT, 'the fallback until 8 Dec, then red for everybody'],
    [{ status: 'disabled', schedule: { onAt: '2026-12-08T00:00:00Z' } }, AT, 'off for everybody'],
  ])('%j at %s is "%s"', (flag, at, words) => {
    expect(say(flag, at)).toBe(words);
  });
});

group('prerequisites', () => {
  it('come first, with the variants that are needed', () => {
    const needs = (...prerequisites: NonNullable<LongFlag['prerequisites']>): string =>
      say(long({ prerequisites, fallthrough: 'on' }));
    expect(needs({ flag: 'new_cart', variants: ['on'] })).toBe('if new_cart is on: on for everybody');
    expect(needs({ flag: 'theme', variants: ['blue', 'red', 'dark red'] })).toBe(
      'if theme is blue, red or "dark red": on for everybody',
    );
    expect(needs({ flag: 'a', variants: ['on'] }, { flag: 'b', variants: ['off'] })).toBe(
      'if a is on and b is off: on for everybody',
    );
    expect(needs()).toBe('on for everybody');
  });
});

function split(weights: Readonly<Record<string, number>>) {
  return {
    kind: 'split' as const,
    variants: Object.entries(weights).map(([variant, weight]) => ({ variant, weight })),
  };
}

/** Half way at `AT`. */
function ramp(changes: Partial<Ramp> = {}): Ramp {
  return {
    kind: 'ramp',
    variant: 'on',
    otherwise: 'off',
    curve: 'linear',
    points: [
      { at: '2026-12-01T10:00:00Z', percentage: 0 },
      { at: '2026-12-04T10:00:00Z', percentage: 50 },
      { at: '2026-12-08T10:00:00Z', percentage: 100 },
    ],
    ...changes,
  };
}
