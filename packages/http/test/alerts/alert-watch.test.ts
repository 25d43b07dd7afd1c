import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AlertWatch } from '../../src/alerts/alert-watch.ts';
import { alertRules } from '../../src/index.ts';
import { clientIn } from '../client-in-state.ts';

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

  it('F40 are made no older by a wall clock that jumps', async () => {
    const client = await clientIn('fresh');
    const watch = new AlertWatch(client, (health) => alertRules(health));
    const stale = { ...client.health(), config_stale: true };
    watch.active(stale);
    vi.setSystemTime(Date.parse('2026-03-01T05:00:00Z'));
    expect(watch.active(stale)).toMatchObject([{ state: 'pending', active_seconds: 0 }]);
  });
});
