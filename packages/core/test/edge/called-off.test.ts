import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LogEntry } from '../../src/refresh/protocol.ts';
import { createEdgeFlagClient } from '../../src/edge/edge-flag-client.ts';
import { edgeSignals } from '../../src/edge/edge-signals.ts';
import type { FlagSource } from '../../src/ports/source.ts';
import { holds, scriptedSource } from '../support/scripted-source.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] }));
afterEach(() => void vi.useRealTimers());

/** As Next marks what its `fetch` throws while it renders a page ahead of requests. */
const dynamicUsage = (): Error => Object.assign(new Error('Dynamic server usage'), { digest: 'DYNAMIC_SERVER_USAGE' });

/** A client whose framework calls its reads off while `ahead.of` is true. */
function renderedAhead(thrown: () => unknown = dynamicUsage) {
  const ahead = { of: true };
  const store = scriptedSource(holds(1));
  let calledOff = 0;
  const source: FlagSource = {
    ...store,
    read: async (...args) => {
      if (!ahead.of) return store.read(...args);
      calledOff += 1;
      throw thrown();
    },
  };
  const log: LogEntry[] = [];
  const signals = edgeSignals({ log: (entry) => void log.push(entry) });
  const flags = createEdgeFlagClient({ source, signals });
  return { ahead, flags, log, calls: () => calledOff };
}

describe('F61 a read that the framework calls off, as Next does while it renders a page ahead of requests', () => {
  it('is no failure: nothing is logged, the breaker stays closed, and it is not tried again at once', async () => {
    const { flags, log, calls } = renderedAhead();
    for (let page = 1; page <= 5; page += 1) {
      expect(await flags.ready()).toBe(false);
      expect(calls()).toBe(page);
    }
    expect(log).toEqual([]);
    expect(flags.freshness()).toMatchObject({ state: 'never', breaker: { state: 'closed', failures: 0 } });
    expect(flags.freshness().lastError).toBeNull();
  });

  it('holds nobody up: the next request reads', async () => {
    const { ahead, flags } = renderedAhead();
    expect(await flags.ready()).toBe(false);
    ahead.of = false;
    expect(await flags.ready()).toBe(true);
    expect(flags.isEnabled('a')).toBe(true);
  });

  it('is told to the caller who asked for it', async () => {
    const { flags } = renderedAhead();
    expect(await flags.refresh()).toMatchObject({
      ok: false,
      message: expect.stringContaining('called off by the framework'),
    });
  });

  it('is known by the mark of React, too, and a failure of the network is not', async () => {
    const postponed = renderedAhead(() => ({ $$typeof: Symbol.for('react.postpone') }));
    await postponed.flags.ready();
    expect(postponed.log).toEqual([]);
    const down = renderedAhead(() => new TypeError('fetch failed'));
    const waiting = down.flags.ready();
    await vi.advanceTimersByTimeAsync(5_000);
    await waiting;
    expect(down.log.length).toBeGreaterThan(0);
  });
});
