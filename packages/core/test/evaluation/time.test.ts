import { describe, expect, it } from 'vitest';
import type { FlagDefinition } from '../../src/document/types.ts';
import { evaluatorOf } from './documents.ts';

const at = (text: string): number => Date.parse(text);

describe('time', () => {
  let nowMs = 0;
  const evaluator = evaluatorOf(
    {
      scheduled: { status: 'enabled', schedule: { onAt: '2026-03-01T00:00:00Z', offAt: '2026-04-01T00:00:00+02:00' } },
      begins: {
        type: 'string',
        variants: { a: 'A', z: 'Z' },
        offVariant: 'z',
        fallthrough: 'a',
        schedule: { onAt: '2026-03-01T00:00:00Z' },
      },
      steps: {
        type: 'boolean',
        fallthrough: {
          kind: 'ramp',
          variant: 'on',
          otherwise: 'off',
          curve: 'steps',
          points: [
            { at: '2026-03-01T00:00:00Z', percentage: 10 },
            { at: '2026-03-02T00:00:00Z', percentage: 50 },
            { at: '2026-03-03T00:00:00Z', percentage: 80 },
          ],
        },
      },
      linear: {
        type: 'boolean',
        salt: 'steps',
        fallthrough: {
          kind: 'ramp',
          variant: 'on',
          otherwise: null,
          curve: 'linear',
          points: [
            { at: '2026-03-01T00:00:00Z', percentage: 0 },
            { at: '2026-03-11T00:00:00Z', percentage: 100 },
          ],
        },
      },
      paused: {
        type: 'boolean',
        salt: 'steps',
        fallthrough: {
          kind: 'ramp',
          variant: 'on',
          otherwise: 'off',
          curve: 'linear',
          points: [
            { at: '2026-03-01T00:00:00Z', percentage: 0 },
            { at: '2026-03-11T00:00:00Z', percentage: 100 },
          ],
          pauses: [
            { from: '2026-02-01T00:00:00Z', until: '2026-02-10T00:00:00Z' },
            { from: '2026-03-03T00:00:00Z', until: '2026-03-05T00:00:00Z' },
            { from: '2026-03-08T00:00:00Z' },
          ],
        },
      },
      waits: { type: 'boolean', prerequisites: [{ flag: 'scheduled', variants: ['on'] }], fallthrough: 'on' },
    },
    {},
    () => nowMs,
  );
  /** The share of users, in percent, at a time. */
  const share = (key: string, time: string): number => {
    nowMs = at(time);
    let on = 0;
    for (let userId = 0; userId < 2000; userId++) if (evaluator.isEnabled(key, { userId }, false)) on++;
    return Math.round(on / 20);
  };

  it.each([
    ['2026-02-28T23:59:59.999Z', false],
    ['2026-03-01T00:00:00Z', true],
    ['2026-03-31T21:59:59.999Z', true],
    ['2026-03-31T22:00:00Z', false],
  ])('turns a flag on and off by its schedule: %s %s', (time, expected) => {
    nowMs = at(time);
    expect(evaluator.isEnabled('scheduled', {}, !expected)).toBe(expected);
    expect(evaluator.details('scheduled', {}, false).reason).toBe(expected ? 'DEFAULT' : 'DISABLED');
    expect(evaluator.isEnabled('waits', {}, !expected)).toBe(expected);
  });

  it('serves the off variant outside a schedule', () => {
    nowMs = at('2026-02-01T00:00:00Z');
    expect(evaluator.details('begins', {}, '')).toEqual({
      flagKey: 'begins',
      value: 'Z',
      variant: 'z',
      reason: 'DISABLED',
    });
  });

  it('raises a rollout in steps', () => {
    expect(share('steps', '2026-02-28T23:59:59Z')).toBe(0);
    expect(Math.abs(share('steps', '2026-03-01T00:00:00Z') - 10)).toBeLessThanOrEqual(2);
    expect(share('steps', '2026-03-01T23:59:59Z')).toBe(share('steps', '2026-03-01T00:00:00Z'));
    expect(Math.abs(share('steps', '2026-03-02T12:00:00Z') - 50)).toBeLessThanOrEqual(2);
    expect(share('steps', '2030-01-01T00:00:00Z')).toBe(share('steps', '2026-03-03T00:00:00Z'));
  });

  it('raises a rollout evenly, and loses nobody', () => {
    const shares = Array.from({ length: 14 }, (_, day) =>
      share('linear', new Date(at('2026-02-28T00:00:00Z') + day * 86_400_000).toISOString()),
    );
    expect(shares.slice(0, 2)).toEqual([0, 0]);
    for (const [day, found] of shares.entries())
      expect(Math.abs(found - Math.min(100, Math.max(0, (day - 1) * 10)))).toBeLessThanOrEqual(2);
    expect(shares.slice(-3)).toEqual([100, 100, 100]);
    expect(shares.toSorted((a, b) => a - b)).toEqual(shares);
  });

  it('stands still while paused and does not jump afterwards', () => {
    expect(share('paused', '2026-03-02T00:00:00Z')).toBe(share('linear', '2026-03-02T00:00:00Z'));
    expect(share('paused', '2026-03-04T12:00:00Z')).toBe(share('linear', '2026-03-03T00:00:00Z'));
    expect(share('paused', '2026-03-05T00:00:00Z')).toBe(share('linear', '2026-03-03T00:00:00Z'));
    expect(share('paused', '2026-03-06T00:00:00Z')).toBe(share('linear', '2026-03-04T00:00:00Z'));
    expect(share('paused', '2030-01-01T00:00:00Z')).toBe(share('linear', '2026-03-06T00:00:00Z'));
  });

  it('is read once for each flag in a question that it matters to', () => {
    let readings = 0;
    const flags: Record<string, FlagDefinition> = {
      a: { status: 'enabled', schedule: { onAt: '2026-03-01T00:00:00Z' } },
      b: {
        type: 'boolean',
        schedule: { onAt: '2026-03-01T00:00:00Z' },
        prerequisites: [{ flag: 'a', variants: ['on'] }],
        fallthrough: 'on',
      },
    };
    const counting = evaluatorOf(flags, {}, () => (readings++, at('2026-03-02T00:00:00Z')));
    expect(counting.isEnabled('b', {}, false)).toBe(true);
    expect(readings).toBe(2);
    counting.isEnabled('b', {}, false);
    expect(readings).toBe(4);
  });

  it('is not read for flags that it does not matter to', () => {
    // The clock of evaluatorOf throws.
    const timeless = evaluatorOf({
      on: { status: 'enabled' },
      canary: { status: 'canary', rolloutPercentage: 50 },
      beta: { status: 'beta', betaUsers: ['u'] },
    });
    expect(timeless.all({ userId: 'u' })).toMatchObject({ on: true, beta: true });
    expect(timeless.details('canary', { userId: 'u' }, false).errorCode).toBeUndefined();
  });
});
