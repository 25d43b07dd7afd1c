import { StoreError } from '@clarity/flags-core/ports';
import { manualFeed } from '@clarity/flags-testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AlertWatch } from '../../src/alerts/alert-watch.ts';
import { alertRules, createFlagHandler, type FlagHandler } from '../../src/index.ts';
import { clientIn } from '../client-in-state.ts';
import { scriptedClient } from '../scripted-client.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse('2026-03-01T03:00:00Z') });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('active alerts', () => {
  it('are pending until they have lasted, then fire, and are gone when the condition ends', async () => {
    const client = await clientIn('fresh');
    const watch = new AlertWatch(client, (health) => alertRules(health));
    const health = client.health();
    const stale = { ...health, config_stale: true };
    expect(watch.active(health)).toEqual([]);

    expect(watch.active(stale)).toMatchObject([
      {
        name: 'FeatureFlagConfigStale',
        severity: 'critical',
        state: 'pending',
        active_since: '2026-03-01T03:00:00.000Z',
        active_seconds: 0,
        for_seconds: 300,
      },
    ]);
    vi.advanceTimersByTime(299_000);
    expect(watch.active(stale)).toMatchObject([{ state: 'pending', active_seconds: 299 }]);
    vi.advanceTimersByTime(1_000);
    expect(watch.active(stale)).toMatchObject([{ state: 'firing', active_since: '2026-03-01T03:00:00.000Z' }]);

    expect(watch.active(health)).toEqual([]);
    expect(watch.active(stale)).toMatchObject([{ state: 'pending', active_seconds: 0 }]);
  });

  it('begin when the client turns, though nobody asks then', async () => {
    const client = await clientIn('stale');
    const watch = new AlertWatch(client, (health) => alertRules(health));
    // The client tells a late listener how it stands.
    await Promise.resolve();
    vi.advanceTimersByTime(60_000);
    expect(watch.active()).toMatchObject([{ name: 'FeatureFlagConfigStale', active_seconds: 60 }]);
  });

  it('begin anew with each loss of the feed, though nobody looked while it was there', async () => {
    const feed = manualFeed();
    const { client } = await scriptedClient(
      { a: { status: 'enabled' } },
      { feed, refreshMode: 'pubsub', refreshIntervalMs: 60_000, staleAfterMs: 3_600_000 },
    );
    const watch = new AlertWatch(client, (health) => alertRules(health));
    expect(watch.active()).toEqual([]);
    const lost = new StoreError('unavailable', 'gone', { retryable: true });
    feed.down(lost);
    vi.advanceTimersByTime(60_000);
    feed.up();
    vi.advanceTimersByTime(600_000);
    feed.down(lost);
    vi.advanceTimersByTime(2_000);
    expect(watch.active()).toMatchObject([{ name: 'FeatureFlagSubscriberDown', state: 'pending', active_seconds: 2 }]);
  });

  it('begin anew with each document that is refused, though nobody saw the one before it mended', async () => {
    const client = await clientIn('fresh');
    const watch = new AlertWatch(client, (health) => alertRules(health));
    const refused = (at: string) => ({
      ...client.health(),
      rejected_document: { revision: null, source: 's', message: 'm', at },
    });
    watch.active(refused('2026-03-01T03:00:00.000Z'));
    vi.advanceTimersByTime(3_600_000);
    expect(watch.active(refused('2026-03-01T03:00:00.000Z'))).toMatchObject([{ state: 'firing' }]);
    expect(watch.active(refused('2026-03-01T04:00:00.000Z'))).toMatchObject([{ state: 'pending', active_seconds: 0 }]);
  });

  it('F90 fire at once for writes that a store lost, and for an hour, as in Prometheus, and anew when it loses more', async () => {
    const client = await clientIn('fresh');
    const watch = new AlertWatch(client, (health) => alertRules(health));
    const lost = (at: string) => ({
      ...client.health(),
      lost_writes: { source: 's', lost: '9.9', adopted: '20.3', at },
    });
    const first = lost('2026-03-01T03:00:00.000Z');
    expect(watch.active(first)).toMatchObject([{ name: 'FeatureFlagStoreLostWrites', state: 'firing' }]);
    vi.advanceTimersByTime(3_599_000);
    expect(watch.active(first)).toMatchObject([{ state: 'firing', active_seconds: 3_599 }]);
    vi.advanceTimersByTime(1_000);
    expect(watch.active(first)).toEqual([]);
    vi.advanceTimersByTime(86_400_000);
    expect(watch.active(first)).toEqual([]);
    expect(watch.active(lost('2026-03-02T05:00:00.000Z'))).toMatchObject([{ state: 'firing', active_seconds: 0 }]);
  });

  it('are as old as health says, whenever somebody looks first', async () => {
    const health = (await clientIn('fresh')).health();
    const bound = { ...health.bound, healthy_seconds: 71 };
    const late = { ...health, bound, refresh_failures: 3, config_age_seconds: 71 + 90 };
    const watch = new AlertWatch(await clientIn('fresh'), (given) => alertRules(given));
    expect(watch.active(late)).toMatchObject([
      { name: 'FeatureFlagRefreshOverdue', state: 'firing', active_seconds: 90 },
    ]);
  });

  it('F40 are made no older by a wall clock that jumps', async () => {
    const client = await clientIn('fresh');
    const watch = new AlertWatch(client, (health) => alertRules(health));
    const stale = { ...client.health(), config_stale: true };
    watch.active(stale);
    vi.setSystemTime(Date.parse('2026-03-01T05:00:00Z'));
    expect(watch.active(stale)).toMatchObject([{ state: 'pending', active_seconds: 0 }]);
  });

  it('are followed once a client, however many handlers show it, and as old in each', async () => {
    const client = await clientIn('stale');
    const listened = vi.spyOn(client, 'on');
    const first = createFlagHandler({ client });
    const listeners = listened.mock.calls.length;
    vi.advanceTimersByTime(60_000);
    const second = createFlagHandler({ client, alerts: { forMs: { FeatureFlagConfigStale: 30_000 } } });
    expect(listened).toHaveBeenCalledTimes(listeners);

    const ask = async (handler: FlagHandler) =>
      (await handler(new Request('http://h/metrics/feature-flags/alerts'))).json();
    const stale = { name: 'FeatureFlagConfigStale', active_seconds: 60 };
    expect(await ask(first)).toMatchObject({ alerts: [{ ...stale, state: 'pending' }] });
    expect(await ask(second)).toMatchObject({ alerts: [{ ...stale, state: 'firing' }] });
  });
});
