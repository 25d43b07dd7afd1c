import { expect, it, onTestFinished } from 'vitest';
import { NotReadyError } from '../../src/client/readiness.ts';
import { InvalidOptionsError } from '../../src/client/options/option-reader.ts';
import { openFlagClient } from '../../src/client/start-flag-client.ts';
import type { DriverParts } from '../../src/drivers/parts.ts';
import type { DriverRunner } from '../../src/drivers/running-driver.ts';
import { freshnessOf, initialState } from '../../src/refresh/state.ts';

/** A driver that brings no flags, and what it was asked for. */
function idleDriver(): { readonly run: DriverRunner; readonly asked: string[]; parts(): DriverParts | undefined } {
  const asked: string[] = [];
  let parts: DriverParts | undefined;
  const now = () => ({ monotonicMs: 0, wallMs: 0, bootMs: undefined, random: 0 });
  return {
    asked,
    parts: () => parts,
    run: (given) => {
      parts = given;
      const state = initialState(given.settings);
      return {
        start: () => void asked.push('start'),
        state: () => state,
        freshness: () => freshnessOf(state, now()),
        refresh: async (force) => {
          asked.push(force ? 'refresh by force' : 'refresh');
          return { ok: false, reason: 'unavailable', message: 'idle' };
        },
        resetBreaker: () => void asked.push('reset-breaker'),
        saved: () => Promise.resolve(),
        stop: () => void asked.push('stop'),
        now,
        onChange: () => () => {},
      };
    },
  };
}

it('starts the driver at once, asks it for what it is asked, and stops it once', async () => {
  const driver = idleDriver();
  const client = openFlagClient(driver.run, { variables: false });
  expect(driver.asked).toEqual(['start']);
  expect(await client.refresh()).toMatchObject({ reason: 'unavailable', message: 'idle' });
  await client.refresh({ force: true });
  client.resetBreaker();
  await expect(client.ready({ timeoutMs: 1 })).rejects.toThrow(NotReadyError);
  expect(client.isEnabled('a', undefined, true)).toBe(true);
  await client.close();
  await client.close();
  expect(driver.asked).toEqual(['start', 'refresh', 'refresh by force', 'reset-breaker', 'stop']);
});

it('hands the driver what the client was made with, checked', async () => {
  const driver = idleDriver();
  const feed = { name: 'feed', subscribe: async () => {}, close: async () => {} };
  const client = openFlagClient(driver.run, { variables: false, refreshMode: 'both', feed, refreshIntervalMs: 5_000 });
  onTestFinished(() => client.close());
  expect(driver.parts()).toMatchObject({ feed, settings: { mode: 'both', intervalMs: 5_000, feed: 'feed' } });
  // In the place of a source stands one that tells a driver that reads it.
  const [unread] = driver.parts()?.sources ?? [];
  await expect(unread?.read(undefined, new AbortController().signal)).rejects.toThrow('reads no source');
  await expect(unread?.close()).resolves.toBeUndefined();
});

it('refuses options like the client over sources, before the driver is made', () => {
  const driver = idleDriver();
  expect(() => openFlagClient(driver.run, { refreshIntervalMs: -1 })).toThrow(InvalidOptionsError);
  expect(driver.asked).toEqual([]);
});
