import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { featureFlagHealth, getFlagClient, isFeatureEnabled, setFlagClient } from '../../src/client/process-wide.ts';
import { createFlagClient } from '../../src/client/create-flag-client.ts';
import type { FlagClient } from '../../src/client/flag-client.ts';
import type { LogEntry } from '../../src/refresh/protocol.ts';
import { openClient } from '../support/open-client.ts';
import { holds, scriptedSource } from '../support/scripted-source.ts';

describe('the client of the process', () => {
  it('answers from anywhere once it is set', async () => {
    expect(isFeatureEnabled('a', {}, true)).toBe(true);
    expect(featureFlagHealth()).toBeNull();
    expect(() => getFlagClient()).toThrow(/setFlagClient/);
    const flags = openClient();
    await flags.ready();
    setFlagClient(flags);
    try {
      expect(isFeatureEnabled('a')).toBe(true);
      expect(getFlagClient()).toBe(flags);
      expect(featureFlagHealth()?.healthy).toBe(true);
    } finally {
      setFlagClient(null as never);
      expect(isFeatureEnabled('a', {}, true)).toBe(true);
      setFlagClient(undefined);
    }
  });

  it.each([
    ['a promise of a client', Promise.resolve(), 'of type object'],
    ['a store', {}, 'of type object'],
    ['a text', 'flags.json', 'of type string'],
  ])('is no %s', (_what, given, found) => {
    expect(() => setFlagClient(given as never)).toThrow(
      `client is ${found}; allowed is what createFlagClient gives, and not a promise of it`,
    );
    expect(isFeatureEnabled('a', {}, true)).toBe(true);
  });
});

describe('F62 a module that is evaluated more than once in one process', () => {
  /** As a bundler's second copy, or a hot reload. */
  const copy = async (): Promise<typeof import('../../src/client/process-wide.ts')> => {
    vi.resetModules();
    return import('../../src/client/process-wide.ts');
  };

  it('finds the client that another copy has set', async () => {
    const flags = openClient();
    onTestFinished(() => flags.close());
    onTestFinished(() => setFlagClient(undefined));
    await flags.ready();
    setFlagClient(flags);
    const again = await copy();
    expect(again.setFlagClient).not.toBe(setFlagClient);
    expect(again.getFlagClient()).toBe(flags);
    expect(again.isFeatureEnabled('a')).toBe(true);
    again.setFlagClient(undefined);
    expect(featureFlagHealth()).toBeNull();
  });

  it('says so when it puts another client in the place of one that is open, and not of one that is closed', async () => {
    const log: LogEntry[] = [];
    const client = (): FlagClient =>
      createFlagClient({
        source: scriptedSource(holds(1)),
        variables: false,
        logger: { log: (entry) => void log.push(entry) },
      });
    onTestFinished(() => setFlagClient(undefined));
    const [first, second, third] = [client(), client(), client()] as const;
    const warnings = (): number => log.filter(({ message }) => message.includes('still open')).length;
    setFlagClient(first);
    setFlagClient(first);
    expect(warnings()).toBe(0);
    (await copy()).setFlagClient(second);
    expect(warnings()).toBe(1);
    await second.close();
    setFlagClient(third);
    expect(warnings()).toBe(1);
    await Promise.all([first.close(), third.close()]);
  });

  it('takes what somebody else has left in its place for no client', () => {
    const key = Symbol.for('@clarity/flags-core/process-wide/1');
    for (const foreign of [7, 'text', {}, null, { isEnabled: true }]) {
      Reflect.set(globalThis, key, foreign);
      expect(isFeatureEnabled('a', {}, true)).toBe(true);
      expect(featureFlagHealth()).toBeNull();
      expect(() => getFlagClient()).toThrow(/setFlagClient/);
      setFlagClient(undefined);
    }
  });
});
