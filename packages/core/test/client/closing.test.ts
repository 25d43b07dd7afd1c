import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it, vi } from 'vitest';
import { createFlagClient } from '../../src/client/create-flag-client.ts';
import type { FlagClient } from '../../src/client/flag-client.ts';
import type { FlagClientOptions } from '../../src/client/options/options.ts';
import type { LogEntry } from '../../src/refresh/protocol.ts';
import { metricTable, type MetricTable } from '../../src/metrics/metric-table.ts';
import { manualFeed } from '../support/manual-feed.ts';
import { holds, scriptedSource } from '../support/scripted-source.ts';

function client(options: Partial<FlagClientOptions> = {}): FlagClient {
  return createFlagClient({ source: scriptedSource(holds(1)), variables: false, logLevel: 'silent', ...options });
}

/** What a reading of the metrics shows at this moment. */
function gauges(table: MetricTable): Readonly<Record<string, number>> {
  const shown: Record<string, number> = {};
  for (const { name, definition, series } of table.families()) {
    if (definition.type === 'gauge') for (const { value } of series) shown[name] = value;
  }
  return shown;
}

describe('a client that is closed', () => {
  it('is not held by the sink that it was handed, nor is its source', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const metrics = metricTable();
    const useOne = async (): Promise<readonly WeakRef<object>[]> => {
      const source = scriptedSource(holds(1));
      const flags = client({ source, metrics });
      await flags.ready();
      flags.isEnabled('a');
      await flags.close();
      return [new WeakRef(flags), new WeakRef(source)];
    };
    const held = await useOne();
    await expect
      .poll(() => {
        collect();
        return held.filter((one) => one.deref() !== undefined).length;
      })
      .toBe(0);
    expect(gauges(metrics)).not.toEqual({});
  });

  it('leaves no gauge that says its flags are fresh, and leaves the time of their verification', async () => {
    const metrics = metricTable();
    const flags = client({ metrics, feed: manualFeed(), refreshMode: 'both' });
    await flags.ready();
    const open = gauges(metrics);
    expect(open).toMatchObject({ feature_flag_stale_config: 0 });
    await flags.close();
    const closed = gauges(metrics);
    expect(closed).not.toHaveProperty('feature_flag_stale_config');
    expect(closed).not.toHaveProperty('feature_flag_subscriber_up');
    expect(closed['feature_flag_last_refresh_timestamp']).toBe(open['feature_flag_last_refresh_timestamp']);
  });

  it('takes away nothing of what another client tells the same sink', async () => {
    const metrics = metricTable();
    const flags = client({ metrics });
    const other = client({ metrics });
    await Promise.all([flags.ready(), other.ready()]);
    await flags.close();
    expect(gauges(metrics)).toMatchObject({ feature_flag_stale_config: 0 });
    expect(gauges(metrics)).toMatchObject({ feature_flag_stale_config: 0 });
    await other.close();
    expect(gauges(metrics)).not.toHaveProperty('feature_flag_stale_config');
  });

  it('tells those who wait for flags that it was closed, and not that it goes on trying', async () => {
    const flags = client({ source: scriptedSource({ kind: 'hangs' }) });
    const waiting = flags.ready().catch(String);
    await flags.close();
    expect(await waiting).toMatch(/before the client was closed .*no source has answered yet$/);
    await expect(flags.ready()).rejects.toThrow(/before the client was closed/);
  });

  it('tells no listener anything more, be it that another one closed it or that what it would be told was on the way', async () => {
    const told: string[] = [];
    const flags = client();
    let closed: Promise<void> | undefined;
    flags.on('ready', () => {
      told.push('first');
      closed = flags.close();
    });
    flags.on('ready', () => told.push('second'));
    await flags.ready();
    await closed;
    const other = client();
    await other.ready();
    other.on('fresh', () => told.push('fresh'));
    await other.close();
    expect(told).toEqual(['first']);
  });
});

describe('a source and a feed that several clients were given', () => {
  it('are closed with the last of them, once', async () => {
    const source = scriptedSource(holds(1));
    let feedsClosed = 0;
    const feed = { ...manualFeed(), close: () => Promise.resolve(void (feedsClosed += 1)) };
    const options = { source, feed, refreshMode: 'both' } as const;
    const [first, second] = [client(options), client(options)];
    await Promise.all([first.ready(), second.ready()]);
    await first.close();
    await first.close();
    expect([source.closed, feedsClosed]).toEqual([0, 0]);
    expect(await second.refresh()).toMatchObject({ ok: true });
    await second.close();
    expect([source.closed, feedsClosed]).toEqual([1, 1]);
  });

  it('are closed once by one client in which they are one and the same object', async () => {
    const source = scriptedSource(holds(1));
    const store = Object.assign(source, { subscribe: () => Promise.resolve() });
    const flags = client({ source: { kind: 'fallback', sources: [store, store] }, feed: store, refreshMode: 'both' });
    await flags.ready();
    await flags.close();
    expect(source.closed).toBe(1);
  });

  it('do not include what refused options had used', async () => {
    const source = scriptedSource(holds(1));
    expect(() => client({ source, refreshIntervalMs: -1 })).toThrow(/refreshIntervalMs/);
    await client({ source }).close();
    expect(source.closed).toBe(1);
  });
});

describe('close', () => {
  it('F44 is idempotent, releases source and feed once, and leaves answers at the last good flags', async () => {
    const source = scriptedSource(holds(1));
    const feed = { ...manualFeed(), close: vi.fn(() => Promise.resolve()) };
    const flags = client({ source, feed, refreshMode: 'both' });
    await flags.ready();
    await Promise.all([flags.close(), flags.close()]);
    await flags.close();
    expect(source.closed).toBe(1);
    expect(feed.close).toHaveBeenCalledTimes(1);
    expect(flags.isEnabled('a')).toBe(true);
    expect(await flags.refresh()).toMatchObject({ ok: false, reason: 'closed' });
    expect(flags.on('changed', () => {})).toBeTypeOf('function');
  });

  it('settles within its deadline, even if the source never closes, and says what was not released', async () => {
    const logged: LogEntry[] = [];
    const source = { ...scriptedSource({ kind: 'ignores-abort' }), close: () => new Promise<void>(() => {}) };
    const flags = client({
      source,
      closeTimeoutMs: 10,
      logLevel: 'warn',
      logger: { log: (entry) => void logged.push(entry) },
    });
    const waiting = flags.refresh();
    await flags.close();
    expect(await waiting).toMatchObject({ ok: false, reason: 'closed' });
    expect(logged.at(-1)).toMatchObject({
      message: 'not everything was released in time',
      fields: { late: ['store'] },
    });
  });
});
