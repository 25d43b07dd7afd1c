import type { LongFlag, ShortFlag } from './types.ts';

/** The long form of a short flag. There is one evaluator, and it knows only this form. */
export function toLongForm({ status, rolloutPercentage = 0, betaUsers = [], ...shared }: ShortFlag): LongFlag {
  const beta = status === 'beta';
  const canary = status === 'canary';
  return {
    ...shared,
    type: 'boolean',
    enabled: status !== 'disabled',
    targets: beta || canary ? [{ variant: 'on', keys: betaUsers }] : [],
    rules: beta ? [{ when: { not: { attribute: 'targetingKey', op: 'exists' } }, serve: null }] : [],
    fallthrough: canary
      ? {
          kind: 'split',
          variants: [
            { variant: 'on', weight: rolloutPercentage },
            { variant: 'off', weight: 100 - rolloutPercentage },
          ],
        }
      : beta
        ? 'off'
        : 'on',
  };
}
