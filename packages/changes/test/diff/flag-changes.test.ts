import type { FlagDefinition, LongFlag, Rule } from '@clarity/flags-core/document';
import { describe, expect, it } from 'vitest';
import { diff } from '../../src/index.ts';

const AT_MS = Date.parse('2026-12-04T10:00:00Z');
const words = (before: FlagDefinition, after: FlagDefinition): readonly string[] =>
  diff({ schemaVersion: 1, flags: { x: before } }, { schemaVersion: 1, flags: { x: after } }, AT_MS)[0]?.words ?? [];
const long = (changes: Partial<LongFlag>): LongFlag => ({ type: 'boolean', fallthrough: 'on', ...changes });
const colours = (changes: Partial<LongFlag>): LongFlag =>
  long({ type: 'string', variants: { blue: 'b', red: 'r' }, fallthrough: 'red', ...changes });
const split = (one: number, salt?: string, by?: string) => ({
  kind: 'split' as const,
  variants: [
    { variant: 'on', weight: one },
    { variant: 'off', weight: 100 - one },
  ],
  ...(salt !== undefined && { salt }),
  ...(by !== undefined && { by }),
});

describe('a change of a flag in words', () => {
  it.each<[string, FlagDefinition, FlagDefinition, readonly string[]]>([
    [
      'what it does',
      { status: 'canary', rolloutPercentage: 5 },
      { status: 'canary', rolloutPercentage: 50 },
      ['was 5 % of users; becomes 50 % of users'],
    ],
    [
      'its type',
      { status: 'enabled' },
      colours({ variants: { red: 'r' } }),
      [
        'was on for everybody; becomes red for everybody',
        'type boolean becomes string',
        'variant on is gone',
        'variant off is gone',
        'variant red is new',
        'serves the fallback while it is off, was off',
      ],
    ],
    [
      'a variant more',
      colours({}),
      colours({ variants: { blue: 'b', red: 'r', green: 'g' } }),
      ['variant green is new'],
    ],
    ['a variant fewer', colours({}), colours({ variants: { red: 'r' } }), ['variant blue is gone']],
    ['a value', colours({}), colours({ variants: { blue: 'b', red: 'R' } }), ['variant red has another value']],
    [
      'the off variant',
      colours({}),
      colours({ offVariant: 'blue' }),
      ['serves blue while it is off, was the fallback'],
    ],
    [
      'prerequisites',
      long({ prerequisites: [{ flag: 'a', variants: ['on'] }] }),
      long({ prerequisites: [{ flag: 'b', variants: ['off'] }] }),
      [
        'was if a is on: on for everybody; becomes if b is off: on for everybody',
        'needs b to be off',
        'needs no longer a to be on',
      ],
    ],
    [
      'a schedule',
      { status: 'enabled', schedule: { onAt: '2026-12-01T00:00:00Z' } },
      { status: 'enabled', schedule: { onAt: '2026-12-01T00:00:00Z', offAt: '2026-12-09T12:00:00Z' } },
      [
        'was on for everybody; becomes on for everybody until 9 Dec, then off',
        'schedule was from 1 Dec 2026; becomes from 1 Dec 2026 until 9 Dec 2026, 12:00 UTC',
      ],
    ],
    [
      'a schedule that is over',
      { status: 'enabled', schedule: { onAt: '2026-12-01T00:00:00Z' } },
      { status: 'enabled' },
      ['schedule was from 1 Dec 2026; becomes none'],
    ],
    [
      'the same instant in another zone',
      { status: 'enabled', schedule: { onAt: '2026-12-01T00:00:00Z' } },
      { status: 'enabled', schedule: { onAt: '2026-12-01T01:00:00+01:00' } },
      ['is written in another way; its answers stay'],
    ],
    [
      'testers',
      { status: 'beta', betaUsers: ['a', 'b'] },
      { status: 'beta', betaUsers: ['b', 'c', 'd'] },
      ['was on for 2 testers; off else; becomes on for 3 testers; off else', '2 testers more', '1 tester fewer'],
    ],
    [
      'targets',
      colours({ targets: [{ variant: 'blue', keys: ['a', 1] }] }),
      colours({
        targets: [
          { variant: 'blue', keys: ['1'] },
          { variant: 'red', keys: ['a', '1'] },
        ],
      }),
      [
        'was blue for 2 named users; red else; becomes blue for 1 named user; red for 1 named user; red else',
        '1 named user with another answer',
      ],
    ],
    [
      'weights that deal alike, with a hash that is the default',
      long({ fallthrough: split(50) }),
      long({
        fallthrough: {
          kind: 'split',
          hash: 'murmur3',
          variants: [
            { variant: 'on', weight: 1 },
            { variant: 'off', weight: 1 },
          ],
        },
      }),
      ['is written in another way; its answers stay'],
    ],
    [
      'weights in another order',
      long({ fallthrough: split(50) }),
      long({ fallthrough: { kind: 'split', variants: split(50).variants.toReversed() } }),
      ['variants are dealt in another way'],
    ],
    [
      'its own key as its salt',
      { status: 'canary', rolloutPercentage: 5 },
      { status: 'canary', rolloutPercentage: 5, salt: 'x' },
      ['is written in another way; its answers stay'],
    ],
    [
      'its own key as the salt of a split',
      long({ fallthrough: split(5) }),
      long({ fallthrough: split(5, 'x') }),
      ['is written in another way; its answers stay'],
    ],
    ['the salt of everybody', { status: 'enabled' }, { status: 'enabled', salt: 'z' }, ['the salt changes']],
    [
      'the salt of a share',
      { status: 'canary', rolloutPercentage: 5 },
      { status: 'canary', rolloutPercentage: 5, salt: 'z' },
      ['users are dealt anew: who has what changes'],
    ],
    [
      'the salt of a split',
      long({ fallthrough: split(5, 'x') }),
      long({ fallthrough: split(5, 'y') }),
      ['users are dealt anew: who has what changes'],
    ],
    [
      'a salt that a split has of its own',
      long({ fallthrough: split(5, 'x') }),
      long({ fallthrough: split(5, 'x'), salt: 'y' }),
      ['the salt changes'],
    ],
    [
      'the unit',
      long({ fallthrough: split(5) }),
      long({ fallthrough: split(5, undefined, 'companyId') }),
      ['was 5 % of users; becomes 5 % by companyId', 'users are dealt anew: who has what changes'],
    ],
    [
      'the form alone',
      { status: 'canary', rolloutPercentage: 5 },
      long({ fallthrough: split(5) }),
      ['is written in another way; its answers stay'],
    ],
    [
      'what has no effect',
      { status: 'enabled' },
      { status: 'enabled', rolloutPercentage: 5 },
      ['is written in another way; its answers stay'],
    ],
    ['a description', { status: 'enabled' }, { status: 'enabled', description: 'x' }, ['the description changes']],
    [
      'metadata, by names only',
      { status: 'enabled', metadata: { owner: 'a', kept: 1, gone: 1 } },
      { status: 'enabled', metadata: { owner: 'b', kept: 1, new: 1 } },
      ['metadata changes: owner, gone and new'],
    ],
    ['visibility', { status: 'enabled' }, { status: 'enabled', clientVisible: true }, ['may be sent to browsers']],
    ['invisibility', { status: 'enabled', clientVisible: true }, { status: 'enabled' }, ['is kept from browsers']],
    [
      'a default',
      { status: 'enabled', clientVisible: false },
      { status: 'enabled' },
      ['is written in another way; its answers stay'],
    ],
  ])('tells %s', (_, before, after, told) => {
    expect(words(before, after)).toEqual(told);
  });

  it('tells that a ramp takes another course where its line stays', () => {
    const ramp = (middle: number): LongFlag =>
      long({
        fallthrough: {
          kind: 'ramp',
          variant: 'on',
          otherwise: 'off',
          curve: 'linear',
          points: [
            { at: '2026-12-10T00:00:00Z', percentage: 0 },
            { at: '2026-12-12T00:00:00Z', percentage: middle },
            { at: '2026-12-14T00:00:00Z', percentage: 100 },
          ],
        },
      });
    expect(words(ramp(10), ramp(20))).toEqual(['the ramp takes another course']);
  });
});

describe('a change of rules', () => {
  const when = (value: string) => ({ attribute: 'plan', op: 'equals', value }) as const;
  const rule = (value: string, serve: 'on' | 'off', id?: string): Rule => ({
    when: when(value),
    serve,
    ...(id !== undefined && { id }),
  });
  /** Without the line of the whole flag. */
  const told = (before: readonly Rule[], after: readonly Rule[]): readonly string[] =>
    words(long({ rules: before }), long({ rules: after })).filter((line) => !line.startsWith('was '));

  it.each<[string, readonly Rule[], readonly Rule[], readonly string[]]>([
    ['one comes', [], [rule('a', 'on')], ['rule 1 is new: where plan is a: on']],
    [
      'one comes before another',
      [rule('b', 'on')],
      [rule('a', 'on'), rule('b', 'on')],
      ['rule 1 is new: where plan is a: on'],
    ],
    ['one goes', [rule('a', 'on'), rule('b', 'on')], [rule('b', 'on')], ['rule 1 is gone: where plan is a: on']],
    ['one by a name goes', [rule('a', 'on', 'vip')], [], ['rule vip is gone: where plan is a: on']],
    [
      'one in its place changes',
      [rule('a', 'on')],
      [rule('a', 'off')],
      ['rule 1 was where plan is a: on; becomes where plan is a: off'],
    ],
    [
      'one by a name changes, in another place',
      [rule('a', 'on', 'vip'), rule('b', 'on')],
      [rule('c', 'on'), rule('b', 'on'), rule('a', 'off', 'vip')],
      [
        'rule 1 is new: where plan is c: on',
        'rule vip was where plan is a: on; becomes where plan is a: off',
        'rules are tried in another order',
      ],
    ],
    [
      'two change places',
      [rule('a', 'on'), rule('b', 'on')],
      [rule('b', 'on'), rule('a', 'on')],
      ['rules are tried in another order'],
    ],
    [
      'one gets a name',
      [rule('a', 'on')],
      [rule('a', 'on', 'vip')],
      ['rule 1 is gone: where plan is a: on', 'rule vip is new: where plan is a: on'],
    ],
    [
      'users whom it names',
      [{ when: { attribute: 'userId', op: 'in', value: ['a', 'b'] }, serve: 'on' }],
      [{ when: { attribute: 'userId', op: 'in', value: ['a', 'c'] }, serve: 'on' }],
      ['rule 1 changes in what its words do not show'],
    ],
    [
      'why it is there',
      [rule('a', 'on')],
      [{ ...rule('a', 'on'), description: 'asked for' }],
      ['rule 1 was where plan is a: on; becomes where plan is a: on ("asked for")'],
    ],
  ])('is told where %s', (_, before, after, lines) => {
    expect(told(before, after)).toEqual(lines);
  });

  it('is not told of a short flag, whose form has them', () => {
    expect(words({ status: 'enabled' }, { status: 'beta', betaUsers: ['u'] })).toEqual([
      'was on for everybody; becomes on for 1 tester; off else',
      '1 tester more',
    ]);
  });
});
