import { describe, expect, it } from 'vitest';
import { boundOf, leastStaleAfterMs } from '../../src/refresh/bound.ts';
import type { Settings } from '../../src/refresh/settings.ts';
import { settings } from '../support/settings.ts';
import { forManySeeds } from './many-seeds.ts';

const breaker = (changes: Partial<Settings['breaker']>): Settings['breaker'] => ({ ...settings().breaker, ...changes });

describe('the bound', () => {
  it('is two deadlines and a jittered pause while the store answers', () => {
    expect(boundOf(settings()).healthyMs).toBe(5_000 + 60_000 + 5_000);
    expect(boundOf(settings({ jitter: 0.1 })).healthyMs).toBe(76_000);
    expect(boundOf(settings({ mode: 'both', feed: 'feed', jitter: 0.5 })).healthyMs).toBe(100_000);
    expect(boundOf(settings({ mode: 'pubsub', feed: 'feed' })).healthyMs).toBe(160_000);
  });

  it('counts the longest wait between two deadlines after an outage', () => {
    expect(boundOf(settings()).afterOutageMs).toBe(70_000);
    const long = settings({ breaker: breaker({ recoveryTimeoutMs: 100_000, maxRecoveryTimeoutMs: 400_000 }) });
    expect(boundOf(long).afterOutageMs).toBe(120_000);
    const growing = { ...long, breaker: { ...long.breaker, growth: 2 } };
    expect(boundOf(growing).afterOutageMs).toBe(450_000);
  });

  it('is smaller after an outage that cannot have opened the breaker, or not for long', () => {
    const growing = settings({
      breaker: breaker({ recoveryTimeoutMs: 100_000, maxRecoveryTimeoutMs: 400_000, growth: 2 }),
    });
    // Three failures take at least 500 and 1,000 ms of backoff.
    expect(boundOf(growing, 1_499).afterOutageMs).toBe(70_000);
    expect(boundOf(growing, 1_500).afterOutageMs).toBe(120_000);
    expect(boundOf(growing, 101_500).afterOutageMs).toBe(230_000);
    // Not half a break more for half of its time.
    expect(boundOf(growing, 251_500).afterOutageMs).toBe(230_000);
    expect(boundOf(growing, 301_500).afterOutageMs).toBe(450_000);
    expect(boundOf(growing, 1e12).afterOutageMs).toBe(boundOf(growing).afterOutageMs);
  });

  it('shows its figures as they are added up', () => {
    expect(boundOf(settings({ jitter: 0.1 })).arithmetic).toBe(
      'healthy: 5000 ms answer on its way + 60000 ms * (1 + 0.1) + 5000 ms deadline = 76000 ms; ' +
        'after an outage: 5000 ms doomed attempt + 66000 ms longest wait + 5000 ms deadline = 76000 ms',
    );
  });

  it('is what a threshold of staleness must be above, and any will do where there is none', () => {
    expect(leastStaleAfterMs(settings({ staleAfterMs: 69_999 }))).toBe(70_000);
    expect(leastStaleAfterMs(settings({ staleAfterMs: 70_000 }))).toBe(70_000);
    expect(leastStaleAfterMs(settings({ staleAfterMs: 70_001 }))).toBeUndefined();
    expect(leastStaleAfterMs(settings({ mode: 'none', staleAfterMs: 1 }))).toBeUndefined();
  });

  it('reckons with the attempts that notices cause', () => {
    const fed = settings({
      mode: 'both',
      feed: 'feed',
      breaker: breaker({ recoveryTimeoutMs: 100_000, maxRecoveryTimeoutMs: 100_000 }),
    });
    expect(boundOf(fed, 499).afterOutageMs).toBe(70_000);
    expect(boundOf(fed, 500).afterOutageMs).toBe(120_000);
  });

  it('does not exist in mode none', () => {
    expect(boundOf(settings({ mode: 'none' }))).toMatchObject({ healthyMs: null, afterOutageMs: null });
  });

  it('is reckoned at once, however slowly breaks grow and however many failures it takes', () => {
    const odd = settings({
      breaker: { failureThreshold: 1_000, recoveryTimeoutMs: 1, growth: 1 + 1e-12, maxRecoveryTimeoutMs: 2 ** 31 - 1 },
    });
    const { afterOutageMs } = boundOf(odd);
    expect(afterOutageMs).toBe(10_000 + Math.ceil((2 ** 31 - 1) * 1.1));
    expect(boundOf(odd, 86_400_000).afterOutageMs).toBe(70_000);
  });

  it('never shrinks with a longer outage, and has its figures in its arithmetic', () => {
    forManySeeds(300, (random) => {
      const recoveryTimeoutMs = 1 + random.integer(100_000);
      const drawn = settings({
        intervalMs: 1 + random.integer(1_000_000),
        jitter: random.next() / 2,
        timeoutMs: 1 + random.integer(60_000),
        breaker: {
          failureThreshold: 1 + random.integer(10),
          recoveryTimeoutMs,
          growth: 1 + random.next() * 9,
          maxRecoveryTimeoutMs: recoveryTimeoutMs * (1 + random.integer(20)),
        },
      });
      const outages = [0, 1_000, 60_000, 3_600_000, Number.POSITIVE_INFINITY];
      const bounds = outages.map((outageMs) => boundOf(drawn, outageMs).afterOutageMs ?? Number.NaN);
      expect(bounds).toEqual(bounds.toSorted((one, other) => one - other));
      const { healthyMs, afterOutageMs, arithmetic } = boundOf(drawn);
      expect(healthyMs).toBeLessThanOrEqual(afterOutageMs ?? 0);
      expect(arithmetic).toContain(`= ${healthyMs} ms`);
      expect(arithmetic).toContain(`= ${afterOutageMs} ms`);
    });
  });
});
