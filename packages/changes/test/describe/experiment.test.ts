// What is said of ranges, experiments, several units, and conditions on buckets and flags.
import type { FlagDefinition, LongFlag, RangedSplit, Rule } from '@clarity/flags-core/document';
import { describe as group, expect, it } from 'vitest';
import { describe, describeSteps } from '../../src/index.ts';

const AT_MS = Date.parse('2026-12-04T10:00:00Z');
const long = (changes: Partial<LongFlag>): LongFlag => ({ type: 'boolean', fallthrough: 'off', ...changes });
const pages = (changes: Partial<LongFlag>): LongFlag =>
  long({ type: 'string', variants: { control: 'two', one_page: 'one' }, fallthrough: 'control', ...changes });
const ranged = (variants: RangedSplit['variants'], more: Partial<RangedSplit> = {}): RangedSplit => ({
  kind: 'split',
  variants,
  otherwise: 'off',
  ...more,
});
const on = (more: Partial<RangedSplit> = {}, share = 10_000): RangedSplit =>
  ranged([{ variant: 'on', ranges: [[5000, 5000 + share]] }], more);
const goesOn = ({ otherwise: _, ...split }: RangedSplit): RangedSplit => ({ ...split, gaps: 'continue' });
const arms = ranged(
  [
    { variant: 'control', ranges: [[0, 5000]] },
    {
      variant: 'one_page',
      ranges: [
        [5000, 9000],
        [50_000, 51_000],
      ],
    },
  ],
  { otherwise: 'control' },
);
const experiment: RangedSplit = { ...arms, experiment: { id: 'one-page', phase: 2 } };
const pro: Rule['when'] = { attribute: 'plan', op: 'equals', value: 'pro' };
const rule = (serve: Rule['serve'], when: Rule['when'] = pro): Partial<LongFlag> => ({ rules: [{ when, serve }] });

group('a split by ranges', () => {
  it.each<[FlagDefinition, string]>([
    [long({ fallthrough: on() }), '10 % of users'],
    [long({ fallthrough: on({ by: 'companyId' }) }), '10 % by companyId'],
    [long({ fallthrough: on({ by: ['id', 'deviceId', 'ip'] }) }), '10 % by id, deviceId or ip'],
    [long({ fallthrough: on({ of: 20_000 }) }), '50 % of users'],
    [long({ fallthrough: on({ of: 1_000_000 }, 1) }), '0.0001 % of users'],
    [long({ fallthrough: on({ of: 1_000_000, otherwise: 'on' }, 1) }), '100 % of users'],
    [long({ fallthrough: on({ otherwise: null }) }), '10 % on, 90 % the fallback'],
    [long({ fallthrough: on(), targets: [{ variant: 'on', keys: ['a'] }] }), '10 % of users, and 1 named user'],
    [pages({ fallthrough: arms }), '95 % control, 5 % one_page'],
    [pages({ fallthrough: { ...arms, by: ['id', 'ip'] } }), '95 % control, 5 % one_page, by id or ip'],
  ])('%j is "%s"', (flag, words) => {
    expect(describe(flag, AT_MS)).toBe(words);
  });

  it.each<[FlagDefinition, string]>([
    [long({ ...rule(goesOn(on())), fallthrough: 'on' }), '10 % of users where plan is pro, others go on; on else'],
    [long(rule(goesOn(on({ by: 'companyId' })))), '10 % by companyId where plan is pro, others go on; off else'],
    [pages(rule(goesOn(arms))), '5 % control, 5 % one_page where plan is pro, others go on; control else'],
    [
      long(rule(goesOn(ranged([{ variant: 'off', ranges: [[0, 50_000]] }])))),
      '50 % off where plan is pro, others go on; off else',
    ],
    [
      long(rule(goesOn(ranged([{ variant: 'on', ranges: [] }])))),
      '0 % of users where plan is pro, others go on; off else',
    ],
    [long(rule(goesOn(on()), { segment: 'staff' })), '10 % of users in segment staff, others go on; off else'],
    [
      long({ ...rule(goesOn(on())), fallthrough: on({}, 20_000) }),
      '10 % of users where plan is pro, others go on; else 20 % of users',
    ],
  ])('whose gaps go on: %j is "%s"', (flag, words) => {
    expect(describe(flag, AT_MS)).toBe(words);
  });

  it('is a sentence where steps are told', () => {
    const flag = pages({ rules: [{ id: 'gate', when: pro, serve: goesOn(arms) }], fallthrough: experiment });
    expect(describeSteps(flag, AT_MS).map(({ text }) => text)).toEqual([
      'gate: where plan is pro: 5 % control, 5 % one_page, others go on.',
      'Everybody else: experiment one-page, phase 2: 5 % control, 5 % one_page, others control.',
    ]);
  });
});

group('an experiment', () => {
  it.each<[FlagDefinition, string]>([
    [pages({ fallthrough: experiment }), 'experiment one-page, phase 2: 5 % control, 5 % one_page, others control'],
    [
      pages({ fallthrough: { ...experiment, layer: 'checkout', holdout: 'all 2026', by: 'userId', otherwise: null } }),
      'experiment one-page, phase 2 (layer checkout, holdout "all 2026"): 5 % control, 5 % one_page, others the fallback, by userId',
    ],
    [
      pages(rule({ ...experiment, layer: 'checkout' })),
      'experiment one-page, phase 2 (layer checkout) where plan is pro: 5 % control, 5 % one_page, others control; control else',
    ],
    [
      pages(rule(goesOn(experiment), { segment: 'staff' })),
      'experiment one-page, phase 2 in segment staff: 5 % control, 5 % one_page, others go on; control else',
    ],
    [
      long({
        fallthrough: on({ experiment: { id: 'new', phase: 1 } }),
        targets: [{ variant: 'on', keys: ['a'] }],
      }),
      'on for 1 named user; else experiment new, phase 1: 10 % on, others off',
    ],
    [
      long({ fallthrough: ranged([{ variant: 'on', ranges: [] }], { experiment: { id: 'new', phase: 1 } }) }),
      'experiment new, phase 1: 0 % on, others off',
    ],
  ])('%j is "%s"', (flag, words) => {
    expect(describe(flag, AT_MS)).toBe(words);
  });
});

group('a condition on a bucket or a flag', () => {
  const bucket = { bucket: { salt: 'gate', from: 0, to: 25_000 } };
  it.each<[FlagDefinition, string]>([
    [long(rule('on', bucket)), 'on for 25 % of users (buckets 0 to 25000 of 100000, salt gate); off else'],
    [
      long(rule('on', { all: [bucket, pro] })),
      'on for 25 % of users (buckets 0 to 25000 of 100000, salt gate) where plan is pro; off else',
    ],
    [
      long(rule('on', { not: bucket })),
      'on where not in 25 % of users (buckets 0 to 25000 of 100000, salt gate); off else',
    ],
    [long(rule('on', { flag: 'pricing', variants: ['on'] })), 'on where flag pricing serves on; off else'],
    [
      long(rule('on', { not: { flag: 'pricing', variants: ['on', 'half'] } })),
      'on where flag pricing does not serve on or half; off else',
    ],
  ])('%j is "%s"', (flag, words) => {
    expect(describe(flag, AT_MS)).toBe(words);
  });
});
