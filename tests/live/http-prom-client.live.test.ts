// The metrics routes over a registry of prom-client, which the application's own metrics share.
import { createFlagClient } from '@clarity/flags-core';
import { createFlagHandler } from '@clarity/flags-http';
import { prometheusMetrics } from '@clarity/flags-prometheus';
import { memoryStore } from '@clarity/flags-testing';
import { Counter, Registry } from 'prom-client';
import { describe, expect, it, onTestFinished } from 'vitest';
import { promtool } from './support/prometheus.ts';

const document = JSON.stringify({ schemaVersion: 1, flags: { banner: { status: 'enabled' } } });

async function metered(registry: Registry) {
  const store = memoryStore();
  await store.publisher.publish(document, 'absent', AbortSignal.timeout(1_000));
  const metrics = prometheusMetrics({ registry });
  const client = createFlagClient({ source: store.source, metrics, refreshMode: 'none', variables: false });
  onTestFinished(() => client.close());
  await client.ready();
  new Counter({ name: 'orders_total', help: 'Orders.', registers: [registry] }).inc(5);
  const handler = createFlagHandler({ client, metrics });
  return (name: string) => handler(new Request(`http://flags.test/metrics/feature-flags/${name}`));
}

describe('a registry of prom-client', () => {
  it('is served as it is, the application’s own metrics included, with the gauges of this moment', async () => {
    const ask = await metered(new Registry());
    const response = await ask('prometheus');
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    const text = await response.text();
    expect(text).toContain('\norders_total 5\n');
    expect(text).toContain('\nfeature_flag_refresh_success_total 1\n');
    expect(text).toContain('\nfeature_flag_stale_config 0\n');
    expect(text).toContain('\nfeature_flag_stream_clients 0\n');
    expect(text).not.toContain('\nfeature_flag_subscriber_up');
    expect(await promtool(['check', 'metrics'], text)).toEqual({ code: 0, output: '' });
  });

  it('is served as OpenMetrics when it is one', async () => {
    const registry = new Registry();
    registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE as never);
    const ask = await metered(registry);
    const response = await ask('prometheus');
    expect(response.headers.get('content-type')).toContain('application/openmetrics-text');
    expect((await response.text()).endsWith('# EOF\n')).toBe(true);
  });

  it('fills the dashboard, quantiles included, with ours and nothing else', async () => {
    const ask = await metered(new Registry());
    const { metrics } = (await (await ask('dashboard')).json()) as {
      metrics: Record<string, { series: Record<string, unknown>[] }>;
    };
    expect(metrics).not.toHaveProperty('orders_total');
    expect(metrics['feature_flag_refresh_success_total']?.series).toEqual([{ labels: {}, value: 1 }]);
    expect(metrics['feature_flag_refresh_duration_seconds']?.series).toEqual([
      {
        labels: {},
        count: 1,
        sum: expect.any(Number),
        mean: expect.any(Number),
        quantiles: {
          p50: expect.any(Number),
          p90: expect.any(Number),
          p95: expect.any(Number),
          p99: expect.any(Number),
        },
      },
    ]);
  });
});
