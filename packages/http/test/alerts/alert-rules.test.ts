import type { Health } from '@clarity/flags-core';
import { METRIC_CATALOG } from '@clarity/flags-core/metrics';
import { describe, expect, it } from 'vitest';
import { alertRules, rulesYaml } from '../../src/index.ts';
import { clientIn } from '../client-in-state.ts';

const bound = { healthy_seconds: 71, after_outage_seconds: 43, arithmetic: '60000 ms * (1 + 0.1) + 5000 ms' };
const facts = { bound, feed: 'up' } as const;

function rule(name: string, given: Parameters<typeof alertRules>[0] = facts) {
  const found = alertRules(given).find((one) => one.name === name);
  if (found === undefined) throw new Error(`there is no rule ${name}`);
  return found;
}

describe('the alert rules', () => {
  it('keep the names, expressions and times that operators know', () => {
    expect(rule('FeatureFlagConfigStale')).toMatchObject({ expr: 'feature_flag_stale_config == 1', forMs: 300_000 });
    expect(rule('FeatureFlagCircuitBreakerOpen')).toMatchObject({
      expr: 'feature_flag_circuit_breaker_state != 0',
      forMs: 120_000,
    });
  });

  it('lead to what health has of the cause where a poll would not find it', () => {
    expect(rule('FeatureFlagSubscriberDown').description).toContain('feed_error');
    expect(rule('FeatureFlagsSetAside').description).toMatch(/newer.*or have a mistake.*health/);
  });

  it('take their thresholds from the client’s own bound', () => {
    expect(rule('FeatureFlagRefreshOverdue').expr).toBe(
      'timestamp(feature_flag_last_refresh_timestamp) - feature_flag_last_refresh_timestamp > 71 unless increase(feature_flag_refresh_success_total[3m]) > 0',
    );
    expect(rule('FeatureFlagRevisionSkew').forMs).toBe(180_000);
    const slow = { ...facts, bound: { ...bound, healthy_seconds: 3_600 } };
    expect(rule('FeatureFlagRefreshOverdue', slow).expr).toMatch(/> 3600 unless .*\[61m\]/);
    expect(rule('FeatureFlagRevisionSkew', slow).forMs).toBe(3_660_000);
    // Eight verifications, after which a failed save is repeated at the latest, and a scrape.
    expect(rule('FeatureFlagCacheFailing')).toMatchObject({ expr: expect.stringContaining('[11m]'), forMs: 660_000 });
    expect(rule('FeatureFlagCacheFailing', slow).expr).toContain('[481m]');
  });

  it('leave out what cannot be: a bound in mode none, a subscriber without a feed', () => {
    const names = alertRules({ bound: { ...bound, healthy_seconds: null }, feed: 'none' }).map(({ name }) => name);
    expect(names).not.toContain('FeatureFlagRefreshOverdue');
    expect(names).not.toContain('FeatureFlagSubscriberDown');
    expect(names).not.toContain('FeatureFlagCacheFailing');
    expect(names).toContain('FeatureFlagConfigStale');
  });

  it('name only metrics of the catalog', () => {
    const named = alertRules(facts).flatMap(({ expr }) => expr.match(/feature_flag_\w+/g) ?? []);
    expect(named.length).toBeGreaterThanOrEqual(8);
    expect(named.filter((name) => !Object.hasOwn(METRIC_CATALOG, name))).toEqual([]);
  });

  it('are narrowed by a selector, also where its values hold quotes', () => {
    const [stale] = alertRules(facts, { selector: { job: 'shop "eu" \\ 1' } });
    expect(stale?.expr).toBe(String.raw`feature_flag_stale_config{job="shop \"eu\" \\ 1"} == 1`);
    const fallback = alertRules(facts, { selector: { job: 'shop' } }).find((one) => one.name.endsWith('Fallback'));
    expect(fallback?.expr).toContain('feature_flag_revision_info{origin="fallback",job="shop"}');
  });

  it('may wait for another time, each its own', () => {
    const rules = alertRules(facts, { forMs: { FeatureFlagConfigStale: 1_500, FeatureFlagCircuitBreakerOpen: 0 } });
    const yaml = rulesYaml(rules);
    expect(yaml).toContain(
      '- alert: FeatureFlagConfigStale\n        expr: "feature_flag_stale_config == 1"\n        for: 1500ms\n',
    );
    expect(yaml).toContain('for: 0s\n');
  });

  it.each([
    [
      { forMs: { FeatureFlagConfigStale: -1 } },
      /forMs\.FeatureFlagConfigStale is -1; allowed is a whole number from 0/,
    ],
    [{ forMs: { FeatureFlagConfigStale: 0.5 } }, /is 0\.5; allowed is a whole number/],
    [{ forMs: { Nothing: 5, FeatureFlagConfigStale: 1 } }, /is "Nothing"; allowed is one of FeatureFlagConfigStale/],
    [{ selector: { 'a-b': 'x' } }, /a label of the selector is "a-b"/],
    [{ selector: { job: 7 as unknown as string } }, /a label of the selector is "job"/],
  ])('refuse %j and say what is allowed', (options, message) => {
    expect(() => alertRules(facts, options)).toThrow(message);
  });

  it('hold for a client’s health as their expressions do for its metrics', async () => {
    const fresh = (await clientIn('fresh')).health();
    const holding = (change: Partial<Health>) =>
      alertRules(facts)
        .filter(({ holds }) => holds?.({ ...fresh, ...change }))
        .map(({ name }) => name);
    expect(holding({})).toEqual([]);
    expect(holding({ config_stale: true })).toEqual(['FeatureFlagConfigStale']);
    expect(holding({ circuit_breaker_state: 'open' })).toEqual(['FeatureFlagCircuitBreakerOpen']);
    expect(holding({ circuit_breaker_state: 'half-open' })).toEqual(['FeatureFlagCircuitBreakerOpen']);
    expect(holding({ config_age_seconds: 71, refresh_failures: 1 })).toEqual([]);
    expect(holding({ config_age_seconds: 71.1, refresh_failures: 1 })).toEqual(['FeatureFlagRefreshOverdue']);
    expect(holding({ config_age_seconds: 71.1, closed: true })).toEqual(['FeatureFlagRefreshOverdue']);
    // What a cache on the way answers may be as old.
    expect(holding({ config_age_seconds: 71.1 })).toEqual([]);
    expect(holding({ origin: { kind: 'fallback', name: 'second' } })).toEqual(['FeatureFlagServedByFallback']);
    expect(holding({ feed: 'connecting' })).toEqual(['FeatureFlagSubscriberDown']);
    expect(holding({ feed: 'down' })).toEqual(['FeatureFlagSubscriberDown']);
    expect(holding({ set_aside_flags: [{ flag: 'a', reason: 'b' }] })).toEqual(['FeatureFlagsSetAside']);
    const cacheError = { reason: 'unavailable', message: 'm', source: 'cache', at: '' };
    expect(holding({ cache_error: cacheError })).toEqual(['FeatureFlagCacheFailing']);
    const rejected = { revision: null, source: 's', message: 'm', at: '' };
    expect(holding({ rejected_document: rejected })).toEqual(['FeatureFlagDocumentRejected']);
    const lost = { source: 's', lost: '9.9', adopted: '20.3', at: '' };
    expect(holding({ lost_writes: lost })).toEqual(['FeatureFlagStoreLostWrites']);
  });
});
