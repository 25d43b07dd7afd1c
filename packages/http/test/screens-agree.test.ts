// What a person at night looks at, in every state that a client can be in: none of it may contradict another.
import { createFlagClient, fallback, type FlagClient, type FlagClientOptions, type Health } from '@clarity/flags-core';
import { createEdgeFlagClient } from '@clarity/flags-core/edge';
import { edgeSignals } from '@clarity/flags-core/edge-signals';
import { type FlagFeed, StoreError } from '@clarity/flags-core/ports';
import { manualFeed, scriptedSource, type SourceStep, sourceSteps } from '@clarity/flags-testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createFlagHandler, type ShownClient, type TextMetrics, textMetrics } from '../src/index.ts';
import { parseExposition } from '../src/metrics/parse-exposition.ts';
import { EventReader } from './event-reader.ts';

const flags = { banner: { status: 'enabled' }, theme: { status: 'disabled' } };
const text = (more: object = {}): string => JSON.stringify({ schemaVersion: 1, flags: { ...flags, ...more } });
const good = sourceSteps.document(text(), { epoch: 1, version: 1 });
const down = sourceSteps.fail('unavailable', { retryable: false });
const odd = { type: 'boolean', rules: [{ if: { attribute: 'a', operator: 'not-known-yet', value: 1 }, serve: 'on' }] };
const withOdd = sourceSteps.document(text({ odd }), { epoch: 1, version: 1 });

const replaced = sourceSteps.document(text(), { epoch: 9, version: 9 });
const afterTheLoss = {
  ...sourceSteps.document(text({ more: { status: 'enabled' } }), { epoch: 20, version: 3 }),
  ancestors: [{ epoch: 2, version: 2 }],
};

/** A client, and the sink that it was given. */
interface Shown {
  readonly client: ShownClient;
  readonly metrics: TextMetrics;
}

function start(source: FlagClientOptions['source'], options: Partial<FlagClientOptions> = {}) {
  const metrics = textMetrics();
  const client = createFlagClient({
    source,
    metrics,
    refreshMode: 'none',
    logLevel: 'silent',
    variables: false,
    ...options,
  });
  onTestFinished(() => client.close());
  return { client, metrics };
}

async function after(
  steps: readonly SourceStep[],
  options: Partial<FlagClientOptions> = {},
  then: (client: FlagClient) => unknown = () => undefined,
): Promise<Shown> {
  const shown = start(scriptedSource(steps), options);
  await shown.client.refresh();
  await then(shown.client);
  return shown;
}

const often = { refreshMode: 'periodic', refreshIntervalMs: 60_000, staleAfterMs: 600_000 } as const;

async function withFeed(feed: FlagFeed, then: (client: FlagClient) => unknown): Promise<Shown> {
  return after([good], { ...often, feed, refreshMode: 'pubsub' }, then);
}

const becomes = (client: FlagClient, event: 'stale' | 'breaker') =>
  new Promise<void>((resolve) => {
    client.on(event, () => resolve());
  });

const states: Readonly<Record<string, () => Shown | Promise<Shown>>> = {
  starting: () => start({ name: 'slow', read: () => new Promise(() => {}), close: async () => {} }),
  'not ready': () => after([down]),
  'not ready, the stored document refused': () => after([sourceSteps.corrupt({ epoch: 1, version: 1 })]),
  fresh: () => after([good]),
  'fresh and used': () => after([good], {}, (client) => client.isEnabled('banner')),
  'stale, with what a bootstrap holds': () => after([down], { bootstrap: text() }),
  'stale with time': () => after([good], { staleAfterMs: 20 }, (client) => becomes(client, 'stale')),
  degraded: async () => {
    const shown = start(
      fallback([scriptedSource([down], { name: 'first' }), scriptedSource([good], { name: 'second' })]),
    );
    await shown.client.refresh();
    expect(shown.client.freshness().state).toBe('degraded');
    return shown;
  },
  'fresh, the breaker open': () =>
    after([good, down], { breaker: { failureThreshold: 1 } }, async (client) => {
      const open = becomes(client, 'breaker');
      await client.refresh();
      await open;
    }),
  'fresh, a bad document refused': () =>
    after([good, sourceSteps.corrupt({ epoch: 1, version: 2 })], {}, (client) => client.refresh()),
  'fresh, after the store lost what was served': () =>
    after([replaced, afterTheLoss], {}, (client) => client.refresh()),
  'fresh, a flag set aside': () => after([withOdd]),
  'fresh, an override in place': () => after([good], { overrides: { banner: false } }),
  'fresh, subscribed': () => withFeed(manualFeed(), () => undefined),
  'fresh, the feed down': async () => {
    const feed = manualFeed();
    return withFeed(feed, () => {
      feed.refuse(undefined, { next: true });
      feed.down(new StoreError('unavailable', 'gone', { retryable: true }));
    });
  },
  'fresh, the cache not to be written': async () => {
    const save = () => Promise.reject(new StoreError('unavailable', 'the disk is full'));
    const cache = { name: 'full', load: () => Promise.resolve(undefined), save };
    const shown = start(scriptedSource([good]), { ...often, cache });
    await shown.client.ready();
    // The save comes after what is waited for.
    await expect.poll(() => shown.client.health().cache_error).not.toBeNull();
    return shown;
  },
  closed: () => after([good], {}, (client) => client.close()),
  'closed, and stale since': () =>
    after([good], { staleAfterMs: 20 }, async (client) => {
      await client.close();
      while (!client.isStale()) await new Promise((resolve) => setTimeout(resolve, 5));
    }),
  'at the edge, fresh with a flag set aside': async () => {
    const metrics = textMetrics();
    const client = createEdgeFlagClient({ source: scriptedSource([withOdd]), signals: edgeSignals({ metrics }) });
    await client.refresh();
    client.isEnabled('banner');
    expect(client.facts()).toMatchObject({ cacheSize: 1, setAside: [{ flagKey: 'odd' }] });
    return { client, metrics };
  },
  'at the edge, after the store lost what was served': async () => {
    const metrics = textMetrics();
    const source = scriptedSource([replaced, afterTheLoss]);
    const client = createEdgeFlagClient({ source, signals: edgeSignals({ metrics }) });
    await client.refresh();
    await client.refresh();
    return { client, metrics };
  },
  'at the edge, nothing there': async () => {
    const metrics = textMetrics();
    const client = createEdgeFlagClient({ source: scriptedSource([down]), signals: edgeSignals({ metrics }) });
    await client.refresh();
    return { client, metrics };
  },
};

const SERVED = [
  'healthy',
  'closed',
  'freshness',
  'revision',
  'origin',
  'circuit_breaker_state',
  'feed',
  'last_refresh',
] as const;
const BREAKER = { closed: 0, open: 1, 'half-open': 2 };

interface Alert {
  readonly name: string;
}

describe.each(Object.keys(states))('%s', (state) => {
  it('is told alike by health, readiness, status, stream, metrics, dashboard and alerts', async () => {
    const { client, metrics } = await states[state]!();
    const handler = createFlagHandler({ client, metrics, authorize: () => true });
    const ask = (path: string) => handler(new Request(`http://flags.test${path}`));
    const read = async (path: string) => (await (await ask(path)).json()) as Record<string, unknown>;

    const health = (await read('/feature-flags/health')) as unknown as Health;
    const stale = health.freshness === 'stale' || health.freshness === 'never';
    const closed = state.startsWith('closed');
    expect([health.healthy, health.config_stale, health.closed]).toEqual([!stale && !closed, stale, closed]);
    expect(health.last_refresh === null).toBe(health.config_age_seconds === null);
    expect((await ask('/feature-flags/ready')).status).toBe(closed || health.freshness === 'never' ? 503 : 200);
    expect((await ask('/feature-flags/ready?strict')).status).toBe(closed || stale ? 503 : 200);
    expect((await ask('/feature-flags/live')).status).toBe(200);

    const status = (await read('/feature-flags/status')) as { health: Health; alerts: Alert[]; flags: object[] };
    const stream = new EventReader(await ask('/feature-flags/stream'));
    const live = (await stream.nextOf('freshness')) as unknown as Health & { alerts: Alert[] };
    const liveFlags = (await stream.nextOf('flags')) as { flags: object[] };
    await stream.cancel();
    const dashboard = (await read('/metrics/feature-flags/dashboard')) as {
      health: Health;
      alerts: Alert[];
      metrics: Record<string, { series: { value: number; labels: Record<string, string> }[] }>;
    };
    for (const other of [status.health, live, dashboard.health]) {
      for (const field of SERVED) expect(other[field], field).toEqual(health[field]);
      expect(other.set_aside_flags).toEqual(health.set_aside_flags);
      expect(other.rejected_document).toEqual(health.rejected_document);
      expect(other.lost_writes).toEqual(health.lost_writes);
      expect(other.overrides).toEqual(health.overrides);
    }
    expect(liveFlags.flags).toEqual(status.flags);

    const samples = parseExposition(await (await ask('/metrics/feature-flags/prometheus')).text());
    const gauge = (name: string) => samples.find((sample) => sample.name === name)?.value;
    const last = dashboard.health;
    expect(gauge('feature_flag_stale_config')).toBe(stale ? 1 : 0);
    expect(gauge('feature_flag_circuit_breaker_state')).toBe(BREAKER[last.circuit_breaker_state]);
    expect(gauge('feature_flag_document_rejected')).toBe(last.rejected_document === null ? 0 : 1);
    const lost = state.includes('the store lost') ? { source: 'scripted', lost: '9.9', adopted: '20.3' } : null;
    if (lost === null) expect(last.lost_writes).toBeNull();
    else expect(last.lost_writes).toMatchObject(lost);
    expect(gauge('feature_flag_lost_writes_total')).toBe(lost === null ? 0 : 1);
    expect(gauge('feature_flag_set_aside_flags')).toBe(last.set_aside_flags.length);
    expect(gauge('feature_flag_subscriber_up')).toBe(last.feed === 'none' ? undefined : last.feed === 'up' ? 1 : 0);
    const refreshed = gauge('feature_flag_last_refresh_timestamp');
    expect(refreshed === undefined ? null : new Date(refreshed * 1000).toISOString()).toBe(last.last_refresh);
    const info = samples.filter(({ name }) => name === 'feature_flag_revision_info');
    expect(info.map(({ labels }) => Object.fromEntries(labels))).toEqual(
      last.origin === null ? [] : [{ revision: last.revision ?? 'none', origin: last.origin.kind }],
    );
    // Looking at the flags compiles them, and this was the last look.
    expect(gauge('feature_flag_cache_size')).toBe((await read('/feature-flags/health'))['cache_size']);
    // Nobody but callers evaluates.
    const evaluations = samples.filter(({ name }) => name === 'feature_flag_evaluations_total');
    const used = state === 'fresh and used' || state === 'at the edge, fresh with a flag set aside';
    expect(evaluations.map(({ value }) => value)).toEqual(used ? [1] : []);

    for (const [name, { series }] of Object.entries(dashboard.metrics)) {
      if (series.some(({ value }) => value === undefined) || name === 'feature_flag_publication_age_seconds') continue;
      const scraped = samples.filter((sample) => sample.name === name).map(({ value }) => value);
      expect(
        series.map(({ value }) => value),
        name,
      ).toEqual(scraped);
    }

    const { alerts } = (await read('/metrics/feature-flags/alerts')) as { alerts: Alert[] };
    const names = alerts.map(({ name }) => name);
    for (const other of [status.alerts, live.alerts, dashboard.alerts]) {
      expect(other.map(({ name }) => name)).toEqual(names);
    }
    // The conditions of the rules, of what Prometheus was told.
    expect(names.includes('FeatureFlagConfigStale')).toBe(gauge('feature_flag_stale_config') === 1);
    expect(names.includes('FeatureFlagCircuitBreakerOpen')).toBe(gauge('feature_flag_circuit_breaker_state') !== 0);
    expect(names.includes('FeatureFlagDocumentRejected')).toBe(gauge('feature_flag_document_rejected') === 1);
    expect(names.includes('FeatureFlagStoreLostWrites')).toBe(gauge('feature_flag_lost_writes_total') === 1);
    expect(names.includes('FeatureFlagsSetAside')).toBe((gauge('feature_flag_set_aside_flags') ?? 0) > 0);
    expect(names.includes('FeatureFlagServedByFallback')).toBe(info[0]?.labels.get('origin') === 'fallback');
    expect(names.includes('FeatureFlagSubscriberDown')).toBe(gauge('feature_flag_subscriber_up') === 0);
    const cacheErrors = samples.find(({ labels }) => labels.get('where') === 'cache')?.value;
    expect(names.includes('FeatureFlagCacheFailing')).toBe(cacheErrors === 1);
  });
});

// Where the application exposes its sink itself. A closed client tells it nothing more, and one at the edge is told of
// with its requests.
describe.each(Object.keys(states).filter((state) => !/^closed|edge/.test(state)))('%s', (state) => {
  it('is told alike by the sink and health', async () => {
    const { client, metrics } = await states[state]!();
    const samples = parseExposition(metrics.exposition());
    const gauge = (name: string) => samples.find((sample) => sample.name === name)?.value;
    const health = client.health!();
    expect(gauge('feature_flag_stale_config')).toBe(health.config_stale ? 1 : 0);
    expect(gauge('feature_flag_circuit_breaker_state')).toBe(BREAKER[health.circuit_breaker_state]);
    expect(gauge('feature_flag_document_rejected')).toBe(health.rejected_document === null ? 0 : 1);
    expect(gauge('feature_flag_set_aside_flags')).toBe(health.set_aside_flags.length);
    expect(gauge('feature_flag_cache_size')).toBe(health.cache_size);
    expect(gauge('feature_flag_subscriber_up')).toBe(health.feed === 'none' ? undefined : health.feed === 'up' ? 1 : 0);
  });
});
