// What docs/operations says against what is served.
import { readFile } from 'node:fs/promises';
import { METRIC_CATALOG } from '@clarity/flags-core/metrics';
import { expect, it } from 'vitest';
import { alertRules } from '../src/index.ts';

async function guide(name: string): Promise<string> {
  return readFile(new URL(`../../../docs/operations/${name}`, import.meta.url), 'utf8');
}

it('the table of metrics is the catalog', async () => {
  const rows = (await guide('metrics.md'))
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split('|').map((cell) => cell.trim().replaceAll('`', '')));
  expect(rows.map(([, name, type, labels, help]) => [name, type, labels, help])).toEqual(
    Object.entries(METRIC_CATALOG).map(([name, { type, labels, help }]) => [name, type, labels.join(', '), help]),
  );
});

it('every alert has a section that gives its severity and says what to do', async () => {
  const text = await guide('alerts.md');
  const facts = {
    bound: { healthy_seconds: 71, after_outage_seconds: 43, arithmetic: '' },
    feed: 'up',
  } as const;
  const sections = new Map(
    text
      .split('\n## ')
      .slice(1)
      .map((section) => [section.split('\n', 1)[0] ?? '', section.split('\n').slice(1).join('\n').trim()]),
  );
  expect([...sections.keys()].toSorted()).toEqual(
    alertRules(facts)
      .map(({ name }) => name)
      .toSorted(),
  );
  for (const { name, severity, expr } of alertRules(facts)) {
    const section = sections.get(name) ?? '';
    expect(section.toLowerCase().startsWith(`${severity}.`), name).toBe(true);
    expect(section.length, name).toBeGreaterThan(100);
    // Expressions without a threshold of their own are quoted.
    if (!/bound|count|timestamp\(/.test(expr)) expect(section, name).toContain(`\`${expr}\``);
  }
});

it.each([
  ['FeatureFlagConfigStale', 'last_error'],
  ['FeatureFlagServedByFallback', 'last_error'],
  ['FeatureFlagSubscriberDown', 'feed_error'],
  ['FeatureFlagDocumentRejected', 'rejected_document'],
  ['FeatureFlagStoreLostWrites', 'lost_writes'],
  ['FeatureFlagsSetAside', 'set_aside_flags'],
  ['FeatureFlagCacheFailing', 'cache_error'],
])('the section of %s leads to %s of health, which names the cause', async (alert, field) => {
  const section = (await guide('alerts.md')).split(`\n## ${alert}\n`)[1]?.split('\n## ')[0];
  expect(section).toContain(`\`${field}`);
});
