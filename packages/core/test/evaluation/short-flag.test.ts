import { describe, expect, it } from 'vitest';
import { bucket } from '../../src/evaluation/bucket.ts';
import { evaluatorOf } from './documents.ts';

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
      expect(evaluator.details('beta', context, true)).toMatchObject({
        flagKey: 'beta',
        value: true,
        reason: 'DEFAULT',
      });
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
