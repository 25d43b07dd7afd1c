import { createFlagClient, type FlagClient } from '@clarity/flags-core';
import { scriptedSource, sourceSteps } from '@clarity/flags-testing';
import { onTestFinished } from 'vitest';

const document = { schemaVersion: 1, flags: { new_checkout: { status: 'enabled' } } };

/** A client whose flags are in this state; it is closed after the test. All but `fresh` have a store that is down. */
export async function clientIn(state: 'never' | 'fresh' | 'stale'): Promise<FlagClient> {
  const client = createFlagClient({
    source: scriptedSource([
      state === 'fresh'
        ? sourceSteps.document(JSON.stringify(document), { epoch: 1, version: 1 })
        : sourceSteps.fail('unavailable', { retryable: false }),
    ]),
    ...(state === 'stale' && { bootstrap: document }),
    refreshMode: 'none',
    logLevel: 'silent',
    variables: false,
  });
  onTestFinished(() => client.close());
  await client.refresh();
  return client;
}
