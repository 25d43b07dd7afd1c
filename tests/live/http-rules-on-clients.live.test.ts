// The alert rules, judged by promtool on what real clients expose in each state, scraped once a minute.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFlagClient, fallback, type FlagClientOptions, type RefreshResult } from '@clarity/flags-core';
import { createEdgeFlagClient } from '@clarity/flags-core/edge';
import { edgeSignals } from '@clarity/flags-core/edge-signals';
import { type FlagSource, StoreError } from '@clarity/flags-core/ports';
import { type AlertName, alertRules, rulesYaml, textMetrics } from '@clarity/flags-http';
import { manualFeed, scriptedSource, type SourceStep, sourceSteps } from '@clarity/flags-testing';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { promtool } from './support/prometheus.ts';

const MINUTE_MS = 60_000;
/** Longer than any alert waits, of a client that polls each minute. */
const MINUTES = 30;

// Prometheus begins at the epoch in these tests, and so do the clients: what they expose of the time fits.
beforeEach(() => void vi.useFakeTimers({ toFake: ['Date', 'performance'], now: 0 }));
afterEach(() => void vi.useRealTimers());

const text = (flags: object): string => JSON.stringify({ schemaVersion: 1, flags });
const good = sourceSteps.document(text({ banner: { status: 'enabled' } }), { epoch: 1, version: 1 });
const down = sourceSteps.fail('unavailable', { retryable: false });
const bad = sourceSteps.corrupt({ epoch: 1, version: 2 });
const odd = sourceSteps.document(text({ banner: { status: 'enabled' }, odd: { status: 'not-known-yet' } }), {
  epoch: 1,
  version: 1,
});
const served = sourceSteps.document(text({ banner: { status: 'enabled' } }), { epoch: 9, version: 9 });
const afterTheLoss: SourceStep = {
  ...sourceSteps.document(text({ banner: { status: 'disabled' } }), { epoch: 20, version: 3 }),
  ancestors: [{ epoch: 2, version: 2 }],
} as SourceStep;

const scripted = (...steps: readonly SourceStep[]): FlagSource => scriptedSource(steps);
const two = (): readonly FlagSource[] => [
  scriptedSource([down], { name: 'first' }),
  scriptedSource([good], { name: 'second' }),
];

/** A client that is asked to refresh each minute, and what is scraped then. */
interface Instance {
  readonly refresh: () => Promise<RefreshResult>;
  readonly scrape: () => string;
}

type Open = (source: FlagSource | readonly FlagSource[], options?: Partial<FlagClientOptions>) => Instance;

const often = { refreshMode: 'periodic', refreshIntervalMs: MINUTE_MS, staleAfterMs: 60 * MINUTE_MS } as const;

const onAServer: Open = (source, options = {}) => {
  const metrics = textMetrics();
  const client = createFlagClient({
    source: Array.isArray(source) ? fallback(source as readonly FlagSource[]) : (source as FlagSource),
    metrics,
    ...often,
    logLevel: 'silent',
    variables: false,
    ...options,
  });
  onTestFinished(() => client.close());
  return { refresh: () => client.refresh({ force: true }), scrape: () => metrics.exposition() };
};

const atTheEdge: Open = (source, options = {}) => {
  const metrics = textMetrics();
  const { bootstrap } = options;
  const client = createEdgeFlagClient({
    source,
    signals: edgeSignals({ metrics }),
    staleAfterMs: often.staleAfterMs,
    ...(bootstrap !== undefined && { bootstrap }),
  });
  return { refresh: () => client.refresh({ force: true }), scrape: () => metrics.exposition() };
};

/**
 * The alerts that fire in the end, by the state that clients are in. Every alert but that of nobody at all is among
 * them.
 */
const states: readonly (readonly [
  state: string,
  open: (open: Open) => readonly Instance[],
  firing: readonly AlertName[],
])[] = [
  ['well', (open) => [open(scripted(good)), open(scripted(good))], []],
  [
    'stale with what a bootstrap holds, since the store is down',
    (open) => [open(scripted(down), { bootstrap: text({ banner: { status: 'enabled' } }) })],
    ['FeatureFlagCircuitBreakerOpen', 'FeatureFlagConfigStale'],
  ],
  [
    'without flags, since the store is down',
    (open) => [open(scripted(down))],
    ['FeatureFlagCircuitBreakerOpen', 'FeatureFlagConfigStale'],
  ],
  ['served by a fallback', (open) => [open(two())], ['FeatureFlagServedByFallback']],
  [
    'refused what is stored',
    (open) => [open(scripted(good, good, good, bad))],
    ['FeatureFlagDocumentRejected', 'FeatureFlagRefreshOverdue'],
  ],
  ['served a document with a flag that they cannot read', (open) => [open(scripted(odd))], ['FeatureFlagsSetAside']],
  [
    'served another document each',
    (open) => [open(scripted(good)), open(scripted(served))],
    ['FeatureFlagRevisionSkew'],
  ],
  [
    'told by their store that it lost what they served',
    (open) => [open(scripted(served, served, afterTheLoss))],
    ['FeatureFlagStoreLostWrites'],
  ],
];

const onServersOnly: typeof states = [
  [
    'without a subscription',
    (open) => {
      const feed = manualFeed();
      feed.refuse(new StoreError('unavailable', 'gone'), { next: true });
      return [open(scripted(good), { refreshMode: 'both', feed })];
    },
    ['FeatureFlagSubscriberDown'],
  ],
  ['subscribed', (open) => [open(scripted(good), { refreshMode: 'both', feed: manualFeed() })], []],
  [
    'unable to write their cache',
    (open) => {
      const save = () => Promise.reject(new StoreError('unavailable', 'the disk is full'));
      return [open(scripted(good), { cache: { name: 'full', load: async () => undefined, save } })];
    },
    ['FeatureFlagCacheFailing'],
  ],
];

describe.each([
  ['on servers', onAServer, [...states, ...onServersOnly]],
  ['at the edge', atTheEdge, states],
] as const)('clients %s', (_where, open, cases) => {
  it.each(cases)('that are %s set off the alerts for that, and no others', async (_state, openAll, firing) => {
    expect(await judged(openAll(open), firing)).toMatchObject({ code: 0, output: expect.stringContaining('SUCCESS') });
  });
});

it('every alert is set off by one of these states, but that of nobody who reports', () => {
  const asked = new Set([...states, ...onServersOnly].flatMap(([, , firing]) => firing));
  const names = rules().map(({ name }) => name);
  expect(names.filter((name) => !asked.has(name))).toEqual(['FeatureFlagNoInstanceReporting']);
});

/** The rules for a client that polls each minute and follows a feed. */
function rules() {
  const client = createFlagClient({
    source: scripted(good),
    feed: manualFeed(),
    ...often,
    refreshMode: 'both',
    logLevel: 'silent',
    variables: false,
  });
  onTestFinished(() => client.close());
  return alertRules(client.health());
}

/** Scrapes the instances for half an hour, and has promtool say whether these alerts fire then and no others. */
async function judged(instances: readonly Instance[], firing: readonly AlertName[]): Promise<object> {
  const scrapes: string[][] = instances.map(() => []);
  for (let minute = 0; minute < MINUTES; minute += 1) {
    if (minute > 0) vi.advanceTimersByTime(MINUTE_MS);
    for (const [index, instance] of instances.entries()) {
      await instance.refresh();
      scrapes[index]?.push(instance.scrape());
    }
  }
  const folder = await mkdtemp(join(tmpdir(), 'clarity-rules-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'rules.yml'), rulesYaml(rules()));
  const test = {
    rule_files: ['rules.yml'],
    evaluation_interval: '1m',
    tests: [
      {
        interval: '1m',
        input_series: scrapes.flatMap((scraped, index) => seriesOf(scraped, `job="shop",instance="${index}"`)),
        promql_expr_test: [
          {
            expr: 'max by (alertname) (ALERTS{alertstate="firing"})',
            eval_time: `${MINUTES - 1}m`,
            exp_samples: firing.map((name) => ({ labels: `{alertname="${name}"}`, value: 1 })),
          },
        ],
      },
    ],
  };
  await writeFile(join(folder, 'test.yml'), JSON.stringify(test));
  return promtool(['test', 'rules', join(folder, 'test.yml')]);
}

/** Each series of an instance, with a value a minute. What is gone from a scrape is stale for Prometheus. */
function seriesOf(scrapes: readonly string[], labels: string): readonly { series: string; values: string }[] {
  const all = new Map<string, string[]>();
  for (const [minute, scrape] of scrapes.entries()) {
    for (const line of scrape.split('\n')) {
      const [, name, own, value] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
      if (name === undefined || value === undefined) continue;
      const series = `${name}{${own === undefined || own === '' ? '' : `${own},`}${labels}}`;
      const values = all.get(series) ?? Array.from({ length: scrapes.length }, () => '_');
      values[minute] = value;
      all.set(series, values);
    }
  }
  return [...all].map(([series, values]) => ({
    series,
    values: values.map((value, at) => (value === '_' && at > 0 && values[at - 1] !== '_' ? 'stale' : value)).join(' '),
  }));
}
