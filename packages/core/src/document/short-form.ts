import type { LongFlag, Rule, Serve, ShortFlag } from './types.ts';

const WITHOUT_KEY: Rule = { when: { not: { attribute: 'targetingKey', op: 'exists' } }, serve: null };

/** The long form of a short flag. There is one evaluator, and it knows only this form. */
export function toLongForm(flag: ShortFlag): LongFlag {
  const { status, rolloutPercentage = 0, betaUsers = [], ...shared } = flag;
  const fallthrough: Serve =
    status === 'canary'
      ? {
          kind: 'split',
          variants: [
            { variant: 'on', weight: rolloutPercentage },
            { variant: 'off', weight: 100 - rolloutPercentage },
          ],
        }
      : status === 'enabled'
        ? 'on'
        : 'off';
  const listed = status === 'beta' || status === 'canary';
  return {
    ...shared,
    type: 'boolean',
    enabled: status !== 'disabled',
    fallthrough,
    ...(listed && betaUsers.length > 0 && { targets: [{ variant: 'on', keys: betaUsers }] }),
    ...(status === 'beta' && { rules: [WITHOUT_KEY] }),
  };
}
