import { onTestFinished } from 'vitest';
import { createFlagClient } from '../../src/client/create-flag-client.ts';
import type { FlagClient } from '../../src/client/flag-client.ts';
import type { FlagClientOptions } from '../../src/client/options/options.ts';
import { holds, scriptedSource } from './scripted-source.ts';

/**
 * A client of a store that holds version 1, silent and without variables, unless the options say otherwise. Closed with
 * the test.
 */
export function openClient(options: Partial<FlagClientOptions> = {}): FlagClient {
  const client = createFlagClient({
    source: scriptedSource(holds(1)),
    variables: false,
    logLevel: 'silent',
    ...options,
  });
  onTestFinished(() => client.close());
  return client;
}
