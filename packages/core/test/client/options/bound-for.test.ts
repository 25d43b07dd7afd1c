import { describe, expect, it } from 'vitest';
import { boundFor } from '../../../src/client/options/bound-for.ts';

const none = { variables: false } as const;

describe('the bound', () => {
  it('is interval, jitter and two deadlines while the store answers', () => {
    expect(boundFor({ ...none, environment: 'production', feed: true })).toMatchObject({ healthyMs: 76_000 });
    expect(boundFor({ ...none, environment: 'staging' })).toMatchObject({ healthyMs: 142_000 });
    expect(
      boundFor({ ...none, refreshMode: 'periodic', refreshIntervalMs: 10_000, refreshJitter: 0, timeoutMs: 1_000 }),
    ).toMatchObject({
      healthyMs: 12_000,
    });
  });

  it('counts half the staleness threshold as the interval in pubsub', () => {
    expect(boundFor({ ...none, refreshMode: 'pubsub', feed: true, staleAfterMs: 100_000 })).toMatchObject({
      healthyMs: 65_000,
    });
  });

  it('is a doomed attempt, the longest wait and a good attempt after an outage', () => {
    const options = {
      ...none,
      refreshMode: 'periodic',
      refreshIntervalMs: 10_000,
      staleAfterMs: 60_000,
      refreshJitter: 0,
    } as const;
    expect(boundFor(options)).toMatchObject({ afterOutageMs: 5_000 + 33_000 + 5_000 });
  });

  it('grows with the outage only as far as the breaks do', () => {
    const options = {
      ...none,
      refreshMode: 'periodic',
      refreshIntervalMs: 10_000,
      staleAfterMs: 60_000,
      refreshJitter: 0,
      breaker: { growth: 2, recoveryTimeoutMs: 30_000, maxRecoveryTimeoutMs: 120_000 },
    } as const;
    const after = (outageMs?: number) => boundFor(options, outageMs).afterOutageMs;
    expect(after(0)).toBeLessThan(after(60_000)!);
    expect(after(60_000)).toBeLessThan(after(600_000)!);
    expect(after(600_000)).toBe(10_000 + 132_000);
    expect(after()).toBe(after(600_000));
  });

  it('does not exist in mode none', () => {
    expect(boundFor(none)).toMatchObject({ healthyMs: null, afterOutageMs: null });
  });
});
