// A real Prometheus scrapes the Express example, draws the dashboard's figures, and raises the alarm when the store is
// cut.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Health } from '@clarity/flags-core';
import { alertRules, rulesYaml } from '@clarity/flags-http';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type Prometheus, startPrometheus } from './support/prometheus.ts';
import { type Program, startProgram } from './support/program.ts';

const shipped = new URL('../../examples/express-server/flags.json', import.meta.url);
const path = '/metrics/feature-flags/prometheus';

let folder: string;
let file: string;
let program: Program | undefined;
let prometheus: Prometheus | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'clarity-scraped-'));
  file = join(folder, 'flags.json');
  await writeFile(file, await readFile(shipped));
});

afterEach(async () => {
  await prometheus?.stop();
  await program?.kill();
  prometheus = program = undefined;
  await rm(folder, { recursive: true });
});

/** About the least staleness that the client accepts: 1 s * 1.1, and two deadlines of 5 s. */
const quick = {
  FEATURE_FLAG_REFRESH_MODE: 'both',
  FEATURE_FLAG_REFRESH_INTERVAL: '1',
  FEATURE_FLAG_STALE_THRESHOLD: '12',
};

async function example(): Promise<{ readonly address: string; readonly health: () => Promise<Health> }> {
  program = startProgram('examples/express-server/main.ts', {
    PORT: '0',
    HOST: '127.0.0.1',
    FLAGS_FILE: file,
    ...quick,
  });
  const [, address = ''] = await program.says(/runs at (http:\/\/\S+)/);
  const health = async () => (await (await fetch(`${address}/feature-flags/health`)).json()) as Health;
  return { address, health };
}

it(
  'fires the staleness alert of a scraped example when its store is cut, and ends it when the store is back',
  { timeout: 60_000 },
  async () => {
    const { address, health } = await example();
    // As it is generated for this client, but for the time that somebody has to wait here.
    const rules = rulesYaml(alertRules(await health(), { forMs: { FeatureFlagConfigStale: 1_000 } }));
    prometheus = await startPrometheus({ address, path }, rules);
    const { query, alerts, target } = prometheus;
    await vi.waitFor(async () => expect(await query('feature_flag_stale_config')).toHaveLength(1), { timeout: 10_000 });
    // It asks for OpenMetrics and understands what it gets.
    expect(await target()).toMatchObject({ health: 'up', lastError: '' });
    // Until the first scrape no instance was reporting, and that was pending.
    await vi.waitFor(async () => expect(await alerts()).toEqual([]), { timeout: 10_000 });

    await rm(file);
    await vi.waitFor(
      async () => {
        expect(await alerts()).toContainEqual(
          expect.objectContaining({
            state: 'firing',
            labels: expect.objectContaining({ alertname: 'FeatureFlagConfigStale', severity: 'critical', job: 'demo' }),
          }),
        );
      },
      { timeout: 30_000, interval: 100 },
    );
    // Every screen says the same.
    expect(await health()).toMatchObject({ healthy: false, config_stale: true });
    const local = (await (await fetch(`${address}/metrics/feature-flags/alerts`)).json()) as { alerts: unknown[] };
    expect(local.alerts).toContainEqual(expect.objectContaining({ name: 'FeatureFlagConfigStale' }));

    await writeFile(file, await readFile(shipped));
    await vi.waitFor(
      async () => {
        const names = (await alerts()).map(({ labels }) => labels['alertname']);
        expect(names).not.toContain('FeatureFlagConfigStale');
      },
      { timeout: 10_000, interval: 100 },
    );
  },
);

it('answers every question of the dashboard', { timeout: 60_000 }, async () => {
  const { address, health } = await example();
  prometheus = await startPrometheus({ address, path }, rulesYaml(alertRules(await health())));
  const { query } = prometheus;
  const dashboard = (await (await fetch(`${address}/metrics/feature-flags/grafana`)).json()) as {
    panels: { title: string; targets?: { expr: string }[] }[];
  };
  const asked = dashboard.panels.flatMap(({ title, targets = [] }) =>
    targets.map(({ expr }) => ({
      title,
      // What Grafana would put in.
      expr: expr.replaceAll('$__rate_interval', '2s').replaceAll(/"\$(?:job|instance|client)"/g, '".*"'),
    })),
  );
  const titlesWithFigures = async (): Promise<readonly string[]> => {
    const answered = await Promise.all(
      asked.map(async ({ title, expr }) => ((await query(expr)).length > 0 ? title : '')),
    );
    return answered;
  };
  // Some refreshes have to be there before there are rates and quantiles.
  await vi.waitFor(
    async () => {
      await fetch(`${address}/flags?userId=u1`);
      expect(await titlesWithFigures()).toEqual(
        expect.arrayContaining([
          'Freshness',
          'Time since last refresh',
          'Circuit breaker',
          'Revisions in service',
          'Instances without the primary',
          'Stored document',
          'Subscriber',
          'Refreshes that succeeded',
          'Refreshes that failed, by cause',
          'Refresh duration',
          'Time since last refresh, by instance',
          'Stale, by instance',
          'Circuit breaker, by instance',
          'Transitions of the circuit breaker',
          'Instances by revision',
          'Instances by origin',
          'Age of the served document',
          'Subscriber, by instance',
          'Notices, by outcome',
          'Documents refused, revisions that were older, and writes that were lost',
          'Size of the document',
          'Flags set aside',
          'Errors in code that was handed to the client',
          'Compiled flags and stream clients',
          'Evaluations by flag',
          'Evaluations by flag and variant',
        ]),
      );
    },
    { timeout: 20_000, interval: 250 },
  );
  const elsewhere = asked.find(({ title }) => title === 'Instances without the primary');
  expect(await query(elsewhere?.expr ?? '')).toMatchObject([{ value: 0 }]);
  const [freshness] = await query('max(feature_flag_stale_config)');
  expect(freshness?.value).toBe(0);
  const [age] = await query('time() - min(feature_flag_last_refresh_timestamp)');
  expect(age?.value).toBeLessThan(12);
});
