import type { FlagDefinition } from '@clarity/flags-core/document';
import { describe, expect, it } from 'vitest';
import { describeSteps } from '../../src/index.ts';

const AT_MS = Date.parse('2026-12-04T10:00:00Z');
const texts = (flag: FlagDefinition): readonly string[] => describeSteps(flag, AT_MS).map(({ text }) => text);

describe('the steps of a flag', () => {
  it('stand in the order of evaluation, each as a sentence', () => {
    expect(
      describeSteps(
        {
          type: 'boolean',
          prerequisites: [{ flag: 'new_cart', variants: ['on'] }],
          schedule: { onAt: '2026-12-01T09:00:00Z', offAt: '2027-01-01T00:00:00Z' },
          targets: [{ variant: 'on', keys: ['a', 'b'] }],
          rules: [
            { id: 'swiss', when: { attribute: 'country', op: 'equals', value: 'CH' }, serve: 'on' },
            {
              description: 'as agreed',
              when: { segment: 'staff' },
              serve: {
                kind: 'split',
                variants: [
                  { variant: 'on', weight: 1 },
                  { variant: 'off', weight: 3 },
                ],
              },
            },
          ],
          fallthrough: null,
        },
        AT_MS,
      ),
    ).toEqual([
      { step: 'prerequisite', text: 'Needs new_cart to be on, else off.' },
      { step: 'schedule', text: 'Off before 1 Dec 2026, 09:00 UTC.' },
      { step: 'schedule', text: 'Off from 1 Jan 2027.' },
      { step: 'targets', text: 'On for 2 named users.' },
      { step: 'rule', ruleIndex: 0, text: 'swiss: where country is Switzerland: on.' },
      { step: 'rule', ruleIndex: 1, text: 'Where in segment staff: 25 % of users ("as agreed").' },
      { step: 'fallthrough', text: 'Everybody else: the fallback.' },
    ]);
  });

  it('of a short flag are those that its form means', () => {
    expect(texts({ status: 'enabled' })).toEqual(['Everybody: on.']);
    expect(texts({ status: 'canary', rolloutPercentage: 5 })).toEqual(['Everybody: 5 % of users.']);
    expect(texts({ status: 'beta', betaUsers: ['u1'] })).toEqual([
      'On for 1 tester.',
      'Where targeting key is not set: the fallback.',
      'Everybody else: off.',
    ]);
  });

  it('begin with the switch where the flag is disabled, and go on with what it would do', () => {
    expect(texts({ status: 'disabled' })).toEqual(['Disabled: off for everybody.', 'Everybody: on.']);
    expect(texts({ type: 'boolean', enabled: false, offVariant: null, fallthrough: 'off' })).toEqual([
      'Disabled: the fallback for everybody.',
      'Everybody: off.',
    ]);
  });

  it('leave the names of variants as they are', () => {
    expect(
      texts({
        type: 'string',
        variants: { blue: 'b', red: 'r' },
        targets: [{ variant: 'blue', keys: ['a'] }],
        fallthrough: 'red',
        schedule: { onAt: '2026-12-01T00:00:00Z' },
      }),
    ).toEqual(['The fallback before 1 Dec 2026.', 'blue for 1 named user.', 'Everybody else: red.']);
  });
});
