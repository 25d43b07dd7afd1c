import type { Comparison, Condition } from '@clarity/flags-core/document';
import { describe, expect, it } from 'vitest';
import { describeCondition } from '../../src/index.ts';

const plan = (op: Comparison['op'], value?: Comparison['value'], attribute = 'plan'): Comparison => ({
  attribute,
  op,
  ...(value !== undefined && { value }),
});

describe('a comparison in words', () => {
  it.each<[Comparison, string, string]>([
    [plan('exists'), 'plan is set', 'plan is not set'],
    [plan('equals', 'pro'), 'plan is pro', 'plan is not pro'],
    [plan('in', ['pro', 'team']), 'plan is pro or team', 'plan is not pro or team'],
    [plan('contains', 'pro'), 'plan contains pro', 'plan does not contain pro'],
    [plan('startsWith', 'pro'), 'plan starts with pro', 'plan does not start with pro'],
    [plan('endsWith', 'pro'), 'plan ends with pro', 'plan does not end with pro'],
    [plan('matches', '^p.o$'), 'plan matches "^p.o$"', 'plan does not match "^p.o$"'],
    [plan('lessThan', 3), 'plan is below 3', 'plan is not below 3'],
    [plan('atMost', 3), 'plan is at most 3', 'plan is not at most 3'],
    [plan('greaterThan', 3), 'plan is above 3', 'plan is not above 3'],
    [plan('atLeast', 3), 'plan is at least 3', 'plan is not at least 3'],
    [plan('before', '2026-12-08T00:00:00Z'), 'plan is before 8 Dec 2026', 'plan is not before 8 Dec 2026'],
    [
      plan('after', '2026-12-08T09:05:00+01:00'),
      'plan is after 8 Dec 2026, 08:05 UTC',
      'plan is not after 8 Dec 2026, 08:05 UTC',
    ],
    [plan('semverEquals', '4.2.0'), 'plan is version 4.2.0', 'plan is not version 4.2.0'],
    [plan('semverLessThan', '4.2.0'), 'plan is below version 4.2.0', 'plan is not below version 4.2.0'],
    [plan('semverAtMost', '4.2.0'), 'plan is at most version 4.2.0', 'plan is not at most version 4.2.0'],
    [plan('semverGreaterThan', '4.2.0'), 'plan is above version 4.2.0', 'plan is not above version 4.2.0'],
    [plan('semverAtLeast', '4.2.0'), 'plan is at least version 4.2.0', 'plan is not at least version 4.2.0'],
    [plan('inNetwork', '10.0.0.0/8'), 'plan is in 10.0.0.0/8', 'plan is not in 10.0.0.0/8'],
  ])('%j', (condition, holds, fails) => {
    expect(describeCondition(condition)).toBe(holds);
    expect(describeCondition({ not: condition })).toBe(fails);
    expect(describeCondition({ not: { not: condition } })).toBe(holds);
  });

  it.each<[string, Comparison, string]>([
    ['true', plan('equals', true), 'plan is true'],
    ['in any case', { ...plan('equals', 'pro'), ignoreCase: true }, 'plan is pro in any case'],
    ['with case', { ...plan('equals', 'pro'), ignoreCase: false }, 'plan is pro'],
    ['three operands', plan('in', ['a', 'b', 'c']), 'plan is a, b or c'],
    ['four operands', plan('in', ['a', 'b', 'c', 'd']), 'plan is a, b, c or 1 other'],
    ['five operands', plan('in', ['a', 'b', 'c', 'd', 'e']), 'plan is a, b, c or 2 others'],
    ['spaces', plan('equals', 'very pro', 'the plan'), '"the plan" is "very pro"'],
    ['an empty text', plan('equals', ''), 'plan is ""'],
    ['control characters', plan('equals', 'a\u001b[2J'), 'plan is "a\\u001b[2J"'],
    ['60 characters', plan('equals', 'x'.repeat(60)), `plan is ${'x'.repeat(60)}`],
    ['61 characters', plan('equals', 'x'.repeat(61)), `plan is ${'x'.repeat(59)}…`],
  ])('with %s', (_, condition, words) => {
    expect(describeCondition(condition)).toBe(words);
  });
});

describe('countries', () => {
  it.each<[Condition, string]>([
    [plan('equals', 'CH', 'country'), 'country is Switzerland'],
    [plan('in', ['CH', 'AT'], 'address.country'), 'address.country is Switzerland or Austria'],
    [plan('in', ['DE'], 'country_code'), 'country_code is Germany'],
    [plan('in', ['DE'], 'billingCountryCode'), 'billingCountryCode is DE'],
    [plan('equals', 'ch', 'country'), 'country is ch'],
    [plan('equals', 'Swiss land', 'country'), 'country is "Swiss land"'],
    [plan('startsWith', 'CH', 'country'), 'country starts with CH'],
    [plan('equals', 'CH', 'county'), 'county is CH'],
  ])('%j is "%s"', (condition, words) => {
    expect(describeCondition(condition)).toBe(words);
  });
});

describe('whom a condition names', () => {
  it.each<[Condition, string]>([
    [plan('equals', 'u1', 'targetingKey'), 'targeting key is a certain one'],
    [plan('in', ['u1', 'u2'], 'userId'), 'userId is one of 2'],
    [plan('in', ['a@b.c', 'd@e.f', 'g@h.i'], 'user.email'), 'user.email is one of 3'],
    [{ not: plan('equals', 'a@b.c', 'e-mail') }, 'e-mail is not a certain one'],
    [plan('endsWith', '@acme.com', 'email'), 'email ends with @acme.com'],
    [plan('exists', undefined, 'targetingKey'), 'targeting key is set'],
    [plan('equals', 'x', 'emails'), 'emails is x'],
  ])('%j is told by number: "%s"', (condition, words) => {
    expect(describeCondition(condition)).toBe(words);
  });
});

describe('conditions together', () => {
  const [a, b, c] = ['a', 'b', 'c'].map((name) => plan('exists', undefined, name)) as [Condition, Condition, Condition];

  it.each<[Condition, string]>([
    [{ all: [a, b, c] }, 'a is set and b is set and c is set'],
    [{ any: [a, b] }, 'a is set or b is set'],
    [{ all: [a, { any: [b, c] }] }, 'a is set and (b is set or c is set)'],
    [{ any: [a, { all: [b, c] }] }, 'a is set or (b is set and c is set)'],
    [{ all: [{ any: [a, b] }] }, 'a is set or b is set'],
    [{ all: [a, { any: [b] }] }, 'a is set and b is set'],
    [{ not: { all: [a, b] } }, 'a is not set or b is not set'],
    [{ not: { any: [a, b] } }, 'a is not set and b is not set'],
    [{ not: { any: [a, { all: [b, c] }] } }, 'a is not set and (b is not set or c is not set)'],
    [{ all: [] }, 'always'],
    [{ any: [] }, 'never'],
    [{ not: { all: [] } }, 'never'],
    [{ not: { any: [] } }, 'always'],
    [{ segment: 'staff' }, 'in segment staff'],
    [{ not: { segment: 'our staff' } }, 'not in segment "our staff"'],
  ])('%j is "%s"', (condition, words) => {
    expect(describeCondition(condition)).toBe(words);
  });
});

describe('buckets and other flags', () => {
  const bucket = { salt: 'gate', from: 10_000, to: 35_000 };
  it.each<[Condition, string, string]>([
    [
      { bucket },
      'in 25 % of users (buckets 10000 to 35000 of 100000, salt gate)',
      'not in 25 % of users (buckets 10000 to 35000 of 100000, salt gate)',
    ],
    [
      { bucket: { by: 'companyId', salt: 'my gate', of: 3, from: 0, to: 1 } },
      'in 33.333 % by companyId (buckets 0 to 1 of 3, salt "my gate")',
      'not in 33.333 % by companyId (buckets 0 to 1 of 3, salt "my gate")',
    ],
    [
      { bucket: { by: ['id', 'deviceId'], salt: 's', of: 1_000_000, from: 0, to: 1 } },
      'in 0.0001 % by id or deviceId (buckets 0 to 1 of 1000000, salt s)',
      'not in 0.0001 % by id or deviceId (buckets 0 to 1 of 1000000, salt s)',
    ],
    [{ flag: 'pricing', variants: ['on'] }, 'flag pricing serves on', 'flag pricing does not serve on'],
    [
      { flag: 'our theme', variants: ['dark', 'very dark', 'dim'] },
      'flag "our theme" serves dark, "very dark" or dim',
      'flag "our theme" does not serve dark, "very dark" or dim',
    ],
    [{ flag: 'pricing', variants: [] }, 'never', 'always'],
    [
      { all: [{ flag: 'pricing', variants: ['on'] }, { segment: 'staff' }] },
      'flag pricing serves on and in segment staff',
      'flag pricing does not serve on or not in segment staff',
    ],
  ])('%j is "%s"', (condition, holds, fails) => {
    expect(describeCondition(condition)).toBe(holds);
    expect(describeCondition({ not: condition })).toBe(fails);
    expect(describeCondition({ not: { not: condition } })).toBe(holds);
  });
});
