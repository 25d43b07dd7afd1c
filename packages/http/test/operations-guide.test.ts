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

it('every alert leads to its section, of our runbook or of another', async () => {
  // As GitHub and most others name the section of a heading of one word.
  const sections = new Set(
    [...(await guide('alerts.md')).matchAll(/^## (.+)$/gm)].map(([, title = '']) => title.toLowerCase()),
  );
  const facts = { bound: { healthy_seconds: 71, after_outage_seconds: 43, arithmetic: '' }, feed: 'up' } as const;
  const own = alertRules(facts).map(({ runbookUrl }) => new URL(runbookUrl));
  expect(own.filter(({ pathname }) => !pathname.endsWith('/docs/operations/alerts.md'))).toEqual([]);
  expect(own.map(({ hash }) => hash.slice(1)).toSorted()).toEqual([...sections].toSorted());

  const theirs = alertRules(facts, { runbookUrl: 'https://wiki.test/flags?page=1' });
  expect(theirs[0]?.runbookUrl).toBe('https://wiki.test/flags?page=1#featureflagconfigstale');
});

it.each([
  ['ftp://wiki.test/flags', '"ftp://wiki.test/flags"'],
  ['https://wiki.test/flags#alerts', '"https://wiki.test/flags#alerts"'],
  ['wiki', '"wiki"'],
  [7, 'of type number'],
])('a runbook at %j is none', (runbookUrl, found) => {
  const facts = { bound: { healthy_seconds: 71, after_outage_seconds: 43, arithmetic: '' }, feed: 'up' } as const;
  expect(() => alertRules(facts, { runbookUrl: runbookUrl as string })).toThrow(
    `alerts.runbookUrl is ${found}; allowed is an address with http or https`,
  );
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
