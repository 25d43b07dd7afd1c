import { afterEach, describe, expect, it } from 'vitest';
import { createFlagClient } from '../../src/client/create-flag-client.ts';
import type { FlagClient } from '../../src/client/flag-client.ts';
import type { FlagClientOptions } from '../../src/client/options.ts';
import { featureFlagHealth, getFlagClient, isFeatureEnabled, setFlagClient } from '../../src/client/process-wide.ts';
import { holds, scriptedSource } from '../support/scripted-source.ts';

const open: FlagClient[] = [];
afterEach(() => Promise.all(open.splice(0).map((client) => client.close())));

function client(options: Partial<FlagClientOptions> = {}): FlagClient {
  const made = createFlagClient({ source: scriptedSource(holds(1)), variables: false, logLevel: 'silent', ...options });
  open.push(made);
  return made;
}

describe('the client of the process', () => {
  it('answers from anywhere once it is set', async () => {
    expect(isFeatureEnabled('a', {}, true)).toBe(true);
    expect(featureFlagHealth()).toBeNull();
    expect(() => getFlagClient()).toThrow(/setFlagClient/);
    const flags = client();
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
});
