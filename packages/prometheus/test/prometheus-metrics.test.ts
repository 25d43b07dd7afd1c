import { createFlagClient } from '@clarity/flags-core';
import { METRIC_CATALOG } from '@clarity/flags-core/metrics';
import { memoryStore } from '@clarity/flags-testing';
import { AggregatorRegistry, Counter, Registry } from 'prom-client';
import { describe, expect, it, vi } from 'vitest';
import { prometheusMetrics } from '../src/prometheus-metrics.ts';

const DOCUMENT = '{"schemaVersion":1,"flags":{"a":{"status":"enabled"}}}';

describe('metrics in a registry of prom-client', () => {
  it('stand beside the application’s own, with a client’s figures at each scrape', async () => {
    const registry = new Registry();
    new Counter({ name: 'own_total', help: 'The application’s own.', registers: [registry] }).inc();
    const metrics = prometheusMetrics({ registry });
    const flags = createFlagClient({
      source: memoryStore({ text: DOCUMENT }).source,
      metrics,
      variables: false,
      logLevel: 'silent',
    });
    await flags.ready();
    flags.isEnabled('a');
    const text = await registry.metrics();
    expect(text).toContain('own_total 1');
    expect(text).toContain('feature_flag_refresh_success_total 1');
    expect(text).toContain('feature_flag_stale_config 0');
    expect(text).toContain('feature_flag_circuit_breaker_state 0');
    expect(text).toContain('feature_flag_cache_size 1');
    expect(text).toMatch(/feature_flag_revision_info\{revision="[^"]+",origin="primary"\} 1/);
    expect(text).toMatch(/feature_flag_refresh_duration_seconds_bucket\{le="\+Inf"\} 1/);
    expect(text).toMatch(/feature_flag_refresh_duration_seconds_count 1/);
    await flags.refresh();
    expect(await metrics.exposition()).toContain('feature_flag_refresh_success_total 2');
    await flags.close();
  });

  it('have the name of the client as a label, where it has one', async () => {
    const registry = new Registry();
    const open = (name: string) =>
      createFlagClient({
        source: memoryStore({ text: DOCUMENT }).source,
        metrics: prometheusMetrics({ registry }),
        name,
        variables: false,
        logLevel: 'silent',
      });
    const clients = [open('shop'), open('staff')];
    await Promise.all(clients.map((client) => client.ready()));
    clients[0]?.isEnabled('a');
    const text = await registry.metrics();
    expect(text).toContain('feature_flag_evaluations_total{flag="a",variant="on",reason="STATIC",client="shop"} 1');
    expect(text).toContain('feature_flag_stale_config{client="staff"} 0');
    expect(text).toMatch(/feature_flag_refresh_duration_seconds_bucket\{(?=.*le="\+Inf").*client="staff".*\} 1/);
    await Promise.all(clients.map((client) => client.close()));
  });

  it('share their series when two clients use one registry', async () => {
    const registry = new Registry();
    const [one, two] = [prometheusMetrics({ registry }), prometheusMetrics({ registry })];
    one.count('feature_flag_refresh_success_total');
    two.count('feature_flag_refresh_success_total');
    expect(await registry.metrics()).toContain('feature_flag_refresh_success_total 2');
  });

  it('stand in a registry again that was cleared, with all that was counted', async () => {
    const registry = new Registry();
    prometheusMetrics({ registry }).count('feature_flag_refresh_success_total');
    registry.clear();
    const again = prometheusMetrics({ registry });
    again.count('feature_flag_refresh_success_total');
    expect(await registry.metrics()).toContain('feature_flag_refresh_success_total 2');
    expect(registry.getMetricsAsArray()).toHaveLength(Object.keys(METRIC_CATALOG).length);
  });

  it.each([
    [null, /^options of prometheusMetrics are null; allowed is { registry }/],
    [{ registry: {} }, /^registry is of type object; allowed is a registry of prom-client: its register/],
    [{ registry: null }, /^registry is null; allowed is a registry/],
  ])('refuse %j and say what to give', (options, message) => {
    expect(() => prometheusMetrics(options as never)).toThrow(message);
  });

  it('refuse a registry in which another maker has taken a name', () => {
    const registry = new Registry();
    registry.registerMetric(
      new Counter({ name: 'feature_flag_refresh_success_total', help: 'Not ours.', registers: [] }),
    );
    expect(() => prometheusMetrics({ registry })).toThrow(/feature_flag_refresh_success_total/);
  });

  it('leave a registry that is refused as it was, and say what to do', () => {
    const registry = new Registry();
    const names = Object.keys(METRIC_CATALOG);
    registry.registerMetric(new Counter({ name: names.at(-1)!, help: 'Not ours.', registers: [] }));
    expect(() => prometheusMetrics({ registry })).toThrow('give prometheusMetrics a registry of its own');
    expect(registry.getMetricsAsArray()).toHaveLength(1);
  });

  it('cap what labels can become', async () => {
    const metrics = prometheusMetrics({ maxSeries: 2 });
    for (const flag of ['a', 'b', 'c', 'd']) {
      metrics.count('feature_flag_evaluations_total', { flag, variant: 'on', reason: 'STATIC' });
    }
    const text = await metrics.exposition();
    expect(text).toContain('feature_flag_evaluations_total{flag="__other__",variant="__other__",reason="__other__"} 2');
    expect(text).not.toContain('flag="d"');
  });

  it('drop the revision that is served no more', async () => {
    const metrics = prometheusMetrics();
    metrics.gauge('feature_flag_revision_info', 1, { revision: '1', origin: 'primary' });
    metrics.gauge('feature_flag_revision_info', 1, { revision: '2', origin: 'primary' });
    const text = await metrics.exposition();
    expect(text).toContain('revision="2"');
    expect(text).not.toContain('revision="1"');
  });

  it('come as OpenMetrics from a registry that is set to it', async () => {
    const registry = new Registry();
    registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE as never);
    const metrics = prometheusMetrics({ registry });
    metrics.count('feature_flag_refresh_success_total');
    metrics.observe('feature_flag_refresh_duration_seconds', 0.002);
    const text = await registry.metrics();
    expect(text).toContain('# TYPE feature_flag_refresh_success counter');
    expect(text).toContain('feature_flag_refresh_success_total 1');
    expect(text.endsWith('# EOF\n')).toBe(true);
  });

  it('of several processes show the one in the worst state, and sum what is counted', async () => {
    const registries = [1, 2].map((worker) => {
      const metrics = prometheusMetrics();
      metrics.count('feature_flag_refresh_success_total', {}, worker);
      metrics.gauge('feature_flag_stale_config', worker - 1);
      metrics.gauge('feature_flag_subscriber_up', worker - 1);
      metrics.gauge('feature_flag_last_refresh_timestamp', 1_000 * worker);
      metrics.observe('feature_flag_refresh_duration_seconds', 0.5);
      return metrics.registry;
    });
    const merged = AggregatorRegistry.aggregate(
      await Promise.all(registries.map((registry) => registry.getMetricsAsJSON())),
    );
    const text = await merged.metrics();
    expect(text).toContain('feature_flag_refresh_success_total 3');
    expect(text).toContain('feature_flag_stale_config 1');
    expect(text).toContain('feature_flag_subscriber_up 0');
    expect(text).toContain('feature_flag_last_refresh_timestamp 1000');
    expect(text).toContain('feature_flag_refresh_duration_seconds_count 2');
  });

  it('know every metric of the catalog', async () => {
    const { registry } = prometheusMetrics();
    expect(registry.getMetricsAsArray().map(({ name }) => name)).toEqual(Object.keys(METRIC_CATALOG));
  });
});

describe('F62 a module that is evaluated more than once in one process', () => {
  it('counts into the series that stand in the registry already', async () => {
    const registry = new Registry();
    prometheusMetrics({ registry }).count('feature_flag_refresh_success_total');
    vi.resetModules();
    const again = await import('../src/prometheus-metrics.ts');
    expect(again.prometheusMetrics).not.toBe(prometheusMetrics);
    again.prometheusMetrics({ registry }).count('feature_flag_refresh_success_total');
    expect(await registry.metrics()).toContain('feature_flag_refresh_success_total 2');
  });
});
