// Metrics of a real cluster: node:cluster with the built packages, put together by prom-client's AggregatorRegistry.
import { expect, it, onTestFinished } from 'vitest';
import { promtool } from './support/prometheus.ts';
import { startProgram } from './support/program.ts';

it('F47 a cluster sums what its workers count, shows the one in the worst state, and ends when it is told to', async () => {
  const cluster = startProgram('tests/live/http/cluster.mjs', {});
  onTestFinished(() => cluster.kill());
  const [, port = ''] = await cluster.says(/port (\d+)/);
  const text = await (await fetch(`http://127.0.0.1:${port}`)).text();
  const value = (series: string) => {
    const line = text.split('\n').find((one) => one.startsWith(`${series} `));
    return line === undefined ? undefined : Number(line.slice(series.length + 1));
  };
  // One, two and three questions; one refresh each, and one that failed.
  expect(value('feature_flag_evaluations_total{flag="banner",variant="on",reason="STATIC"}')).toBe(6);
  expect(value('feature_flag_refresh_success_total')).toBe(3);
  expect(value('feature_flag_refresh_failure_total{error_type="unavailable"}')).toBe(1);
  expect(value('feature_flag_refresh_duration_seconds_count')).toBeGreaterThanOrEqual(4);
  expect(value('feature_flag_refresh_duration_seconds_bucket{le="+Inf"}')).toBe(
    value('feature_flag_refresh_duration_seconds_count'),
  );
  expect(value('feature_flag_stale_config')).toBe(1);
  expect(value('feature_flag_cache_size')).toBe(3);
  for (const version of [1, 2, 3]) {
    expect(value(`feature_flag_revision_info{revision="1.${version}",origin="primary"}`)).toBe(1);
  }
  expect(text.match(/^feature_flag_revision_info\{/gm)).toHaveLength(3);
  expect(await promtool(['check', 'metrics'], text)).toEqual({ code: 0, output: '' });
  expect(await cluster.stop('SIGTERM')).toBe(0);
});
