import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createEdgeFlagClient, type EdgeFlagClientOptions } from '../../src/edge/edge-flag-client.ts';
import { fallback } from '../../src/client/options/fallback.ts';
import { edgeSignals } from '../../src/edge/edge-signals.ts';
import type { LogEntry } from '../../src/refresh/protocol.ts';
import type { CachedSnapshot } from '../../src/ports/snapshot-cache.ts';
import { StoreError } from '../../src/ports/store-error.ts';
import { counted, documentText, fails, holds, scriptedSource } from '../support/scripted-source.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] }));
afterEach(() => void vi.useRealTimers());

/** A request: what it hands to `waitUntil`. */
function request() {
  const promises: Promise<unknown>[] = [];
  return {
    waitUntil: (promise: Promise<unknown>) => void promises.push(promise),
    promises,
    ended: () => Promise.all(promises),
  };
}

function refuse(): never {
  throw new Error('not today');
}

function edge(options: Partial<EdgeFlagClientOptions> = {}) {
  const source = scriptedSource(holds(1));
  return { source, flags: createEdgeFlagClient({ source, ...options }) };
}

describe('a client at the edge', () => {
  it('does no I/O and sets no timer when it is made', () => {
    const { source } = edge();
    expect(source.reads).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('answers from what it has, and reads behind the answer of the first request', async () => {
    const { source, flags } = edge({ bootstrap: { schemaVersion: 1, flags: { a: { status: 'disabled' } } } });
    const first = request();
    flags.revalidate(first);
    expect(flags.isEnabled('a', {}, true)).toBe(false);
    expect(flags.freshness()).toMatchObject({ state: 'stale', origin: { kind: 'bootstrap' } });
    await first.ended();
    expect(flags.isEnabled('a')).toBe(true);
    expect(flags.details('a', {}, false)).toMatchObject({ value: true, revision: '1000.1', freshness: 'fresh' });
    expect(source.reads).toBe(1);
  });

  it('waits for the first flags where they matter, but not for long', async () => {
    const { source, flags } = edge();
    expect(await flags.ready()).toBe(true);
    expect(flags.isEnabled('a')).toBe(true);

    const slow = edge();
    slow.source.behaviour = { kind: 'hangs' };
    const waiting = slow.flags.ready({ timeoutMs: 500 });
    await vi.advanceTimersByTimeAsync(500);
    expect(await waiting).toBe(false);
    expect(source.reads).toBe(1);
  });

  it('leaves no timer behind once an answer is there', async () => {
    const { flags } = edge();
    expect(await flags.ready()).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
    expect(await flags.refresh()).toMatchObject({ ok: true });
    expect(vi.getTimerCount()).toBe(0);
    await vi.advanceTimersByTimeAsync(60_000);
    const due = request();
    flags.revalidate(due);
    expect(due.promises).toHaveLength(1);
    await due.ended();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('verifies its flags only when they are due', async () => {
    const { source, flags } = edge({ revalidateAfterMs: 30_000 });
    await flags.ready();
    await vi.advanceTimersByTimeAsync(26_000);
    flags.revalidate(request());
    expect(source.reads).toBe(1);
    await vi.advanceTimersByTimeAsync(8_000);
    const due = request();
    flags.revalidate(due);
    await due.ended();
    expect(source.reads).toBe(2);
  });

  it('does not wait where there is nothing to wait for', async () => {
    const { source, flags } = edge();
    await flags.ready();
    source.behaviour = { kind: 'hangs' };
    await vi.advanceTimersByTimeAsync(60_000);
    // Verified, though a check is under way.
    expect(await flags.ready()).toBe(true);
    expect(source.flights).toBe(1);

    const refused = edge();
    refused.source.behaviour = fails();
    for (let failures = 0; failures < 3; failures += 1) await refused.flags.refresh();
    // Nobody is asked while the breaker is open.
    expect(await refused.flags.ready()).toBe(false);
    expect(refused.source.flights).toBe(0);
  });

  it('has the durations that its options say it has by default: 30 s, 5 min and 5 s', async () => {
    const random = vi.spyOn(Math, 'random').mockReturnValue(0.5);
    onTestFinished(() => random.mockRestore());
    const { source, flags } = edge();
    await flags.ready();
    expect(flags.freshness().staleAfterMs).toBe(300_000);
    await vi.advanceTimersByTimeAsync(29_999);
    flags.revalidate(request());
    expect(source.reads).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    source.behaviour = { kind: 'hangs' };
    flags.revalidate(request());
    expect(source.reads).toBe(2);
    await vi.advanceTimersByTimeAsync(4_999);
    expect(flags.freshness().lastError).toBeNull();
    await vi.advanceTimersByTimeAsync(1);
    expect(flags.freshness().lastError).toMatchObject({ reason: 'timeout' });
  });

  it('shares one flight among a thousand requests', async () => {
    const { source, flags } = edge();
    const requests = Array.from({ length: 1_000 }, request);
    for (const each of requests) flags.revalidate(each);
    await Promise.all(requests.map((each) => each.ended()));
    expect(source.reads).toBe(1);
    expect(source.mostFlights).toBe(1);
  });

  it('retires a flight whose owner died, when the next request finds its deadline passed', async () => {
    const { source, flags } = edge({ timeoutMs: 5_000 });
    source.behaviour = { kind: 'ignores-abort' };
    flags.revalidate(request());
    // The request is gone, and its timers with it.
    vi.clearAllTimers();
    vi.setSystemTime(Date.now() + 6_000);
    await vi.advanceTimersByTimeAsync(6_000);
    source.behaviour = holds(2);
    flags.revalidate(request());
    expect(flags.freshness().lastError?.reason).toBe('timeout');
    await vi.advanceTimersByTimeAsync(2_000);
    expect(await flags.ready()).toBe(true);
    expect(flags.freshness().revision).toEqual(counted(2));
  });

  it('F48 computes the age of a frozen isolate on waking', async () => {
    const { source, flags } = edge({ staleAfterMs: 300_000 });
    await flags.ready();
    vi.setSystemTime(Date.now() + 8 * 3_600_000);
    expect(flags.freshness()).toMatchObject({ state: 'stale' });
    const waking = request();
    flags.revalidate(waking);
    await waking.ended();
    expect(flags.freshness()).toMatchObject({ state: 'fresh', ageMs: 0 });
    expect(source.reads).toBe(2);
  });

  it('opens the breaker after three failures, and a forced refresh is the probe', async () => {
    const { source, flags } = edge();
    source.behaviour = fails();
    for (let i = 0; i < 3; i++) expect(await flags.refresh()).toMatchObject({ ok: false, reason: 'unavailable' });
    expect(await flags.refresh()).toMatchObject({ ok: false, reason: 'circuit_breaker_open' });
    source.behaviour = holds(1);
    expect(await flags.refresh({ force: true })).toMatchObject({ ok: true, outcome: 'changed' });
  });

  it('starts from what another isolate kept, and keeps what it reads', async () => {
    const saved: CachedSnapshot[] = [];
    const kept: CachedSnapshot = { text: documentText(9), revision: counted(9), source: 'store', verifiedAtMs: 0 };
    const cache = {
      name: 'kv',
      load: async () => kept,
      save: async (snapshot: CachedSnapshot) => void saved.push(snapshot),
    };
    const { source, flags } = edge({ cache });
    source.behaviour = fails();
    await flags.ready();
    expect(flags.isEnabled('a')).toBe(true);
    expect(flags.freshness()).toMatchObject({ state: 'stale', origin: { kind: 'cache', name: 'kv' } });
    source.behaviour = holds(10);
    await flags.refresh();
    expect(saved.map(({ revision }) => revision)).toEqual([counted(10)]);
  });

  it('F53 counts a cache that cannot be written, and says what that means', async () => {
    const logged: string[] = [];
    const signals = edgeSignals({ log: ({ level, message }) => void logged.push(`${level} ${message}`) });
    const cache = {
      name: 'kv',
      load: async () => undefined,
      save: () => Promise.reject(new StoreError('unavailable', 'quota')),
    };
    const { flags } = edge({ cache, signals });
    await flags.ready();
    await vi.waitFor(() => expect(flags.facts().isolatedErrors).toBe(1));
    expect(logged).toContain(
      'warn last-known-good cache could not be written; the next start would begin with older flags',
    );
  });

  it.each(['a list', 'fallback()'])('asks the next source of %s when one is down', async (given) => {
    const sources = [scriptedSource(fails(), 'first'), scriptedSource(holds(1), 'second')];
    const flags = createEdgeFlagClient({ source: given === 'a list' ? sources : fallback(sources) });
    expect(await flags.refresh()).toMatchObject({ ok: true, origin: { kind: 'fallback', name: 'second' } });
    expect(flags.freshness().state).toBe('degraded');
  });

  it('tells log and metrics what happens, and survives what they throw (F45)', async () => {
    const names: string[] = [];
    const lines: LogEntry[] = [];
    const metrics = { count: (name: string) => void names.push(name), gauge: refuse, observe: () => {} };
    const { source, flags } = edge({ signals: edgeSignals({ metrics, log: (entry) => void lines.push(entry) }) });
    source.behaviour = fails();
    await flags.refresh();
    expect(names).toContain('feature_flag_refresh_failure_total');
    expect(lines).toMatchObject([{ level: 'warn', fields: { source: 'store', reason: 'unavailable' } }]);
    source.behaviour = holds(1);
    expect(await flags.refresh()).toMatchObject({ ok: true });
    expect(names).toContain('feature_flag_refresh_success_total');
    expect(flags.facts().isolatedErrors).toBeGreaterThan(0);
    expect(flags.isEnabled('a')).toBe(true);
  });

  it('refuses what cannot be used, by name', () => {
    expect(() => edge({ timeoutMs: 0 })).toThrow(/timeoutMs is 0; allowed is a duration/);
    expect(() => edge({ staleAfterMs: 10_000 })).toThrow(/staleAfterMs is 10000.*arithmetic|while everything works/);
    expect(() => edge({ bootstrap: '{' })).toThrow(/bootstrap:/);
    const circular: Record<string, unknown> = { schemaVersion: 1 };
    circular['flags'] = circular;
    expect(() => edge({ bootstrap: circular })).toThrow(/bootstrap is a value that JSON cannot hold.*flag document/);
    for (const options of [{}, undefined, null, { source: 'a' }, { source: [] }, { source: [null] }, { source: {} }]) {
      expect(() => createEdgeFlagClient(options as EdgeFlagClientOptions)).toThrow(
        /^source is .*; allowed is a flag source/,
      );
    }
    expect(() => edge({ cache: {} as never })).toThrow(
      /^cache is of type object; allowed is an object with load and save/,
    );
    expect(() => edge({ signals: null as never })).toThrow(/^signals is null; allowed is what edgeSignals\(\) gives/);
    expect(() => edge({ timeoutMs: '60' as never })).toThrow(/timeoutMs is of type string; allowed is a duration/);
  });

  it.each(['revalidateAfterMs', 'staleAfterMs', 'timeoutMs'] as const)(
    'takes for %s from 1 ms to what a timer can wait, and nothing else',
    (name) => {
      const longestMs = 2 ** 31 - 1;
      for (const ms of [longestMs + 1, Number.POSITIVE_INFINITY, 0.999, -1, Number.NaN]) {
        expect(() => edge({ staleAfterMs: longestMs, [name]: ms })).toThrow(
          new RangeError(`${name} is ${String(ms)}; allowed is a duration from 1 to ${longestMs} ms`),
        );
      }
      // Itself it may be as short or as long; whether flags would be stale all the time is another question.
      for (const ms of [1, longestMs]) {
        const others = { staleAfterMs: longestMs, revalidateAfterMs: 1, timeoutMs: 1 };
        let complaint = '';
        try {
          edge({ ...others, [name]: ms });
        } catch (error) {
          complaint = String(error);
        }
        expect(complaint).not.toContain('allowed is a duration');
      }
    },
  );

  it('warns of durations that were surely meant in seconds, where somebody listens', () => {
    const lines: LogEntry[] = [];
    const signals = edgeSignals({ log: (entry) => void lines.push(entry) });
    edge({ signals, revalidateAfterMs: 30, timeoutMs: 5 });
    expect(lines.map(({ level, message }) => `${level} ${message}`)).toEqual([
      'warn revalidateAfterMs is 30, which is 30 ms: durations in code are milliseconds; if 30 s are meant, write 30000',
      'warn timeoutMs is 5, which is 5 ms: durations in code are milliseconds; if 5 s are meant, write 5000',
    ]);
  });

  it('warns once of contexts that name nobody, where somebody listens', async () => {
    const lines: LogEntry[] = [];
    const bootstrap = { schemaVersion: 1, flags: { beta: { status: 'beta', betaUsers: ['u1'] } } };
    const { flags } = edge({ signals: edgeSignals({ log: (entry) => void lines.push(entry) }), bootstrap });
    for (let times = 0; times < 3; times++) {
      expect(flags.isEnabled('beta', 'u1' as never)).toBe(false);
      expect(flags.isEnabled('beta', { user_id: 'u1' })).toBe(false);
      expect(flags.isEnabled('no such flag')).toBe(false);
    }
    expect(lines).toMatchObject([
      { level: 'warn', fields: { found: 'text of 2 characters' } },
      { level: 'warn', fields: { found: 'user_id' } },
    ]);
  });

  it('warns of options that do not exist, where somebody listens', () => {
    const lines: LogEntry[] = [];
    const signals = edgeSignals({ log: (entry) => void lines.push(entry) });
    edge({ signals, revalidateAfterMs: 1_000, staleAfterMs: 60_000 });
    expect(lines).toEqual([]);
    edge({ signals, refreshIntervalMs: 5 } as never);
    expect(lines).toMatchObject([{ level: 'warn', fields: { unknown: ['refreshIntervalMs'] } }]);
    expect(() =>
      edge({ signals: edgeSignals({ log: () => lines.at(9)!.level as never }), x: 1 } as never),
    ).not.toThrow();
  });
});
