import { describe, expect, it, vi } from 'vitest';
import { createFlagClient } from '../../src/client/create-flag-client.ts';
import { InvalidOptionsError } from '../../src/client/options/option-reader.ts';
import { NotReadyError } from '../../src/client/readiness.ts';
import { StoreError } from '../../src/ports/store-error.ts';
import { manualFeed } from '../support/manual-feed.ts';
import { counted, documentText, fails, holds, scriptedSource } from '../support/scripted-source.ts';
import { openClient } from '../support/open-client.ts';

describe('a client', () => {
  it('answers with fallbacks before there are flags, and with flags once it is ready', async () => {
    const flags = openClient();
    expect(flags.isEnabled('a')).toBe(false);
    expect(flags.isEnabled('a', {}, true)).toBe(true);
    expect(flags.details('a', {}, true)).toMatchObject({
      value: true,
      reason: 'ERROR',
      errorCode: 'PROVIDER_NOT_READY',
      freshness: 'never',
      revision: null,
    });
    await flags.ready();
    expect(flags.isEnabled('a')).toBe(true);
    expect(flags.flag('a')()).toBe(true);
    expect(flags.isEnabled('nothing', {}, true)).toBe(true);
    expect(flags.details('a', {}, false)).toMatchObject({
      value: true,
      reason: 'STATIC',
      freshness: 'fresh',
      revision: '1000.1',
    });
    expect(flags.all()).toEqual({ a: true, generation: true });
  });

  it('swaps the document whole, and a pinned view keeps the one it saw', async () => {
    const source = scriptedSource(holds(1));
    const flags = openClient({ source });
    await flags.ready();
    const pinned = flags.forContext({ userId: 'u1' });
    source.behaviour = { kind: 'holds', revision: counted(2), text: documentText(2, false) };
    expect(await flags.refresh()).toMatchObject({ ok: true, outcome: 'changed' });
    expect(flags.isEnabled('a')).toBe(false);
    expect(pinned.isEnabled('a')).toBe(true);
    expect(pinned.revision).toBe('1000.1');
    expect(pinned.details('a', false)).toMatchObject({ value: true, revision: '1000.1' });
  });

  it('F52 serves the bootstrap while the store is down, says why, and is ready when it recovers', async () => {
    const source = scriptedSource(fails('unavailable'));
    const flags = openClient({ source, bootstrap: { schemaVersion: 1, flags: { a: { status: 'enabled' } } } });
    expect(flags.isEnabled('a')).toBe(true);
    await flags.ready({ from: 'any' });
    await expect(flags.ready({ timeoutMs: 1 })).rejects.toThrow(NotReadyError);
    await expect(flags.ready({ timeoutMs: 1 })).rejects.toThrow(/store is unavailable/);
    expect(flags.freshness()).toMatchObject({ state: 'stale', origin: { kind: 'bootstrap' }, ageMs: null });
    expect(flags.isStale()).toBe(true);
    source.behaviour = holds(1);
    const ready = flags.ready();
    await flags.refresh({ force: true });
    await ready;
    expect(flags.freshness()).toMatchObject({ state: 'fresh', origin: { kind: 'primary', name: 'store' } });
  });

  it('refuses a bootstrap that contains itself', () => {
    const flags: Record<string, unknown> = {};
    flags['a'] = flags;
    expect(() => openClient({ bootstrap: { schemaVersion: 1, flags } })).toThrow(
      /bootstrap is a value that JSON cannot hold/,
    );
  });

  it('refuses a bad bootstrap with the path in it', () => {
    expect(() => openClient({ bootstrap: { schemaVersion: 1, flags: { a: { status: 1 } } } })).toThrow(
      /bootstrap: .*\$\.flags\.a/,
    );
  });

  it('tells in health why the feed is down, until it is up', async () => {
    const feed = manualFeed();
    const flags = openClient({ feed, refreshMode: 'both' });
    await flags.ready();
    await vi.waitFor(() => expect(flags.health()).toMatchObject({ feed: 'up', feed_error: null }));
    feed.down();
    expect(flags.health()).toMatchObject({
      feed: 'down',
      feed_error: { reason: 'unavailable', message: 'feed lost', source: 'feed', at: expect.stringMatching(/Z$/) },
      last_error: null,
      healthy: true,
    });
    feed.up();
    expect(flags.health()).toMatchObject({ feed: 'up', feed_error: null });
  });

  it('F53 tells in health that the cache could not be written, counted as the metric counts it', async () => {
    let full = true;
    const counted: string[] = [];
    const flags = openClient({
      cache: {
        name: 'disk',
        load: async () => undefined,
        save: () => (full ? Promise.reject(new StoreError('unavailable', 'no space is left')) : Promise.resolve()),
      },
      metrics: {
        count: (name, labels) => void (labels?.['where'] === 'cache' && counted.push(name)),
        gauge: () => {},
        observe: () => {},
      },
    });
    await flags.ready();
    await vi.waitFor(() =>
      expect(flags.health()).toMatchObject({
        cache_error: { reason: 'unavailable', message: 'no space is left', source: 'cache' },
        isolated_errors: 1,
        healthy: true,
      }),
    );
    expect(counted).toEqual(['feature_flag_isolated_errors_total']);
    full = false;
    await flags.refresh();
    await vi.waitFor(() => expect(flags.health()).toMatchObject({ cache_error: null, isolated_errors: 1 }));
  });

  it('tells health from the one freshness value', async () => {
    const flags = openClient();
    expect(flags.health()).toMatchObject({
      healthy: false,
      config_stale: true,
      config_age_seconds: null,
      last_refresh: null,
    });
    await flags.ready();
    const health = flags.health();
    const { ageMs } = flags.freshness();
    expect(health).toMatchObject({
      healthy: true,
      config_stale: false,
      circuit_breaker_state: 'closed',
      refresh_failures: 0,
      refresh_mode: 'none',
      cache_size: 0,
      freshness: 'fresh',
      revision: '1000.1',
      feed: 'none',
      last_error: null,
      overrides: [],
    });
    expect(health.config_age_seconds).toBeLessThanOrEqual((ageMs ?? 0) / 1000 + 0.001);
    expect(health.last_refresh).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
    flags.isEnabled('a');
    expect(flags.health().cache_size).toBe(1);
    flags.clearCache();
    expect(flags.health().cache_size).toBe(0);
    expect(flags.isEnabled('a')).toBe(true);
  });

  it('says in health when it is closed, though its last flags are fresh yet', async () => {
    const flags = openClient();
    await flags.ready();
    expect(flags.health()).toMatchObject({ healthy: true, closed: false });
    const closing = flags.close();
    expect(flags.health()).toMatchObject({ healthy: false, closed: true, freshness: 'fresh', config_stale: false });
    await closing;
    expect(flags.health()).toMatchObject({ healthy: false, closed: true });
    expect(flags.isEnabled('a')).toBe(true);
  });

  it('serves overrides above the document until they end', async () => {
    const flags = openClient({ overrides: { b: true } });
    await flags.ready();
    expect(flags.isEnabled('b')).toBe(true);
    flags.override('a', false);
    expect(flags.isEnabled('a')).toBe(false);
    expect(flags.health().overrides).toEqual(['b', 'a']);
    flags.removeOverride('a');
    expect(flags.isEnabled('a')).toBe(true);
    expect(() => flags.override('a', true, { forMs: 0 })).toThrow(/forMs is 0/);
  });
});

describe('a refresh', () => {
  it('is waited for by a timer that timers can keep, however long its deadline', async () => {
    const longest = 2 ** 31 - 1;
    const timers = vi.spyOn(globalThis, 'setTimeout');
    try {
      const flags = openClient({ timeoutMs: longest, staleAfterMs: longest, refreshMode: 'none' });
      expect(await flags.refresh()).toMatchObject({ ok: true });
      const waits = timers.mock.calls.map(([, ms]) => ms ?? 0);
      expect(Math.max(...waits)).toBe(longest);
    } finally {
      timers.mockRestore();
    }
  });
});

describe('what cannot be used', () => {
  it('is refused with a sentence: events, listeners, hooks, a bootstrap that contains itself', async () => {
    const flags = openClient();
    expect(() => flags.on('nope' as never, () => {})).toThrow(/event is "nope"; allowed is one of ready, changed/);
    expect(() => flags.on('stale', undefined as never)).toThrow(/listener is missing; allowed is a function/);
    expect(() => flags.addHook(null as never)).toThrow(/hook is null; allowed is an object/);
    const circular: Record<string, unknown> = { schemaVersion: 1 };
    circular['flags'] = circular;
    expect(() => openClient({ bootstrap: circular })).toThrow(InvalidOptionsError);
    expect(() => createFlagClient(undefined as never)).toThrow(InvalidOptionsError);
  });
});

describe('events', () => {
  it('tell which keys changed', async () => {
    const source = scriptedSource(holds(1));
    const flags = openClient({ source });
    await flags.ready();
    const changed = vi.fn();
    flags.on('changed', changed);
    source.behaviour = { kind: 'holds', revision: counted(2), text: documentText(1, false) };
    await flags.refresh();
    expect(changed).toHaveBeenCalledExactlyOnceWith({
      revision: counted(2),
      origin: { kind: 'primary', name: 'store' },
      keys: ['a'],
    });
  });

  it('tell a late listener the present state once', async () => {
    const flags = openClient();
    await flags.ready();
    const [ready, fresh, stale] = [vi.fn(), vi.fn(), vi.fn()];
    flags.on('ready', ready);
    flags.on('fresh', fresh);
    flags.on('stale', stale);
    const left = vi.fn();
    flags.on('ready', left)();
    await Promise.resolve();
    expect(ready).toHaveBeenCalledTimes(1);
    expect(fresh).toHaveBeenCalledTimes(1);
    expect(stale).not.toHaveBeenCalled();
    expect(left).not.toHaveBeenCalled();
  });

  it('name a rejected document and what is wrong with it', async () => {
    const source = scriptedSource(holds(1));
    const flags = openClient({ source });
    await flags.ready();
    const rejected = vi.fn();
    flags.on('rejected', rejected);
    source.behaviour = { kind: 'holds', revision: counted(2), text: '{"schemaVersion":1,"flags":{"a":{"status":1}}}' };
    expect(await flags.refresh()).toMatchObject({ ok: false, reason: 'invalid_document' });
    expect(rejected).toHaveBeenCalledTimes(1);
    expect(flags.health().rejected_document).toMatchObject({ revision: '1000.2', source: 'store' });
    expect(flags.health().rejected_document?.message).toContain('$.flags.a.status');
    expect(flags.isEnabled('a')).toBe(true);
  });

  it('F15 and health names it for as long as the store holds it: not after the store went back, nor when it is empty', async () => {
    const source = scriptedSource(holds(4));
    const flags = openClient({ source });
    await flags.ready();
    for (const next of [holds(3), fails('not-found')]) {
      source.behaviour = { kind: 'holds', revision: counted(5), text: '{"schemaVersion":1,"flags":{}}' };
      await flags.refresh();
      expect(flags.health().rejected_document).toMatchObject({ revision: '1000.5' });
      source.behaviour = next;
      expect((await flags.refresh()).ok).toBe(false);
      expect(flags.health()).toMatchObject({ revision: '1000.4', rejected_document: null });
    }
  });
});

describe('F45 code that was handed in', () => {
  it('stops nothing when it throws or rejects, and is counted', async () => {
    const source = scriptedSource(holds(1));
    const broken = () => {
      throw new Error('broken');
    };
    const flags = openClient({
      source,
      logLevel: 'debug',
      logger: { log: broken },
      metrics: { count: broken, gauge: broken, observe: broken },
    });
    flags.on('fresh', broken);
    // The types ask for void; people write async listeners all the same.
    flags.on('changed', () => Promise.reject(new Error('late')));
    const heard = vi.fn();
    flags.on('changed', heard);
    await flags.ready();
    source.behaviour = holds(2);
    expect(await flags.refresh()).toMatchObject({ ok: true, outcome: 'changed' });
    expect(heard).toHaveBeenCalledTimes(1);
    await Promise.resolve();
    expect(flags.health().isolated_errors).toBeGreaterThan(4);
    expect(flags.isEnabled('a')).toBe(true);
  });

  it('can ask for a refresh from within a listener', async () => {
    const source = scriptedSource(holds(1));
    const flags = openClient({ source });
    await flags.ready();
    const results: unknown[] = [];
    const done = new Promise<void>((resolve) => {
      flags.on('changed', () => {
        void flags.refresh().then((result) => {
          results.push(result.ok);
          resolve();
        });
      });
    });
    source.behaviour = holds(2);
    await flags.refresh();
    await done;
    expect(results).toEqual([true]);
    expect(source.mostFlights).toBe(1);
  });
});
