import { describe, expect, it } from 'vitest';
import { featureFlagHealth, getFlagClient, isFeatureEnabled, setFlagClient } from '../../src/client/process-wide.ts';
import { openClient } from '../support/open-client.ts';

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
    ['a promise of a client', Promise.resolve(), 'found an object'],
    ['a store', {}, 'found an object'],
    ['a text', 'flags.json', 'found "flags.json"'],
  ])('is no %s', (_what, given, found) => {
    expect(() => setFlagClient(given as never)).toThrow(
      `client: ${found}; allowed is what createFlagClient gives, and not a promise of it`,
    );
    expect(isFeatureEnabled('a', {}, true)).toBe(true);
  });
});
