import { createFlagClient, type FlagClient } from '@clarity/flags-core';
import { memoryStore } from '@clarity/flags-testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { alertRules, createFlagHandler, grafanaDashboard, rulesYaml, textMetrics } from '../src/index.ts';

/** Two clients of one process, each over a document of its own, that share a sink. */
async function shopAndStaff() {
  const metrics = textMetrics();
  const open = async (name: string, flags: Readonly<Record<string, object>>): Promise<FlagClient> => {
    const { source } = memoryStore({ text: JSON.stringify({ schemaVersion: 1, flags }) });
    const client = createFlagClient({ source, metrics, name, variables: false, logLevel: 'silent' });
    onTestFinished(() => client.close());
    await client.ready();
    return client;
  };
  const shop = await open('shop', { cart: { status: 'enabled' } });
  const staff = await open('staff', { roster: { status: 'enabled' } });
  return { metrics, shop, staff };
}

async function textOf(client: FlagClient, path: string, options: object = {}): Promise<string> {
  const handler = createFlagHandler({ client, ...options });
  return (await handler(new Request(`http://flags.test/metrics/feature-flags/${path}`))).text();
}

describe('clients with names', () => {
  it('are told apart in health, and in every metric of a sink that they share', async () => {
    const { metrics, shop, staff } = await shopAndStaff();
    shop.isEnabled('cart');
    staff.isEnabled('cart');
    expect([shop.health().client, staff.health().client]).toEqual(['shop', 'staff']);
    const text = await textOf(shop, 'prometheus', { metrics });
    const samples = text.split('\n').filter((line) => line.startsWith('feature_flag_'));
    expect(samples.filter((line) => !/client="(?:shop|staff)"/.test(line))).toEqual([]);
    expect(text).toContain('feature_flag_evaluations_total{flag="cart",variant="on",reason="STATIC",client="shop"} 1');
    expect(text).toMatch(/feature_flag_evaluations_total\{flag="__unknown__",.*client="staff"\} 1/);
    expect(text).toContain('feature_flag_stale_config{client="shop"} 0');
    expect(text).toContain('feature_flag_stale_config{client="staff"} 0');
    expect(text).toContain('feature_flag_stream_clients{client="shop"} 0');
    expect(text.match(/^feature_flag_revision_info\{/gm)).toHaveLength(2);
  });

  it('are told apart where the handler has a sink of its own', async () => {
    const { staff } = await shopAndStaff();
    expect(await textOf(staff, 'prometheus')).toContain('feature_flag_stale_config{client="staff"} 0');
  });

  it('have rules of their own, whose thresholds are theirs', async () => {
    const { shop } = await shopAndStaff();
    const rules = alertRules(shop.health(), { selector: { job: 'web' } });
    for (const { name, expr } of rules) {
      const metricsIn = expr.match(/feature_flag_\w+/g) ?? [];
      expect(expr.split('client="shop"').length - 1, name).toBe(metricsIn.length);
      expect(expr.split('job="web"').length - 1, name).toBe(metricsIn.length);
    }
    expect(rulesYaml(alertRules({ ...shop.health(), client: null }))).not.toContain('client="');
  });

  it('can be chosen on the dashboard, and name its lines', () => {
    const { panels, templating } = grafanaDashboard() as unknown as {
      panels: readonly { targets?: readonly { expr: string; legendFormat: string }[] }[];
      templating: { list: readonly { name: string }[] };
    };
    expect(templating.list.map(({ name }) => name)).toContain('client');
    const targets = panels.flatMap((panel) => panel.targets ?? []);
    expect(targets.filter(({ expr }) => !expr.includes('client=~"$client"'))).toEqual([]);
    const byInstance = targets.filter(({ legendFormat }) => legendFormat.includes('{{instance}}'));
    expect(byInstance.filter(({ legendFormat }) => !legendFormat.includes('{{client}}'))).toEqual([]);
    expect(byInstance.length).toBeGreaterThan(3);
  });

  it.each([[''], ['a b'], ['x'.repeat(65)], [7], [null], ['a"}']])('are not named %j', (name) => {
    const { source } = memoryStore({ text: '{}' });
    expect(() => createFlagClient({ source, name: name as string, variables: false })).toThrow(
      /name is .*; allowed is a text of 1 to 64 letters, digits, '-', '_' and '\.'/,
    );
  });
});
