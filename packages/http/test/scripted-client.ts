import { createFlagClient, type FlagClient, type FlagClientOptions } from '@clarity/flags-core';
import { scriptedSource, type ScriptedSource, sourceSteps } from '@clarity/flags-testing';
import { onTestFinished } from 'vitest';

export interface ScriptedClient {
  readonly client: FlagClient;
  readonly source: ScriptedSource;
  /** Publishes other flags, and has the client read them. */
  readonly publish: (flags: Readonly<Record<string, unknown>>) => Promise<void>;
  /** Lets the next reads fail, and has the client try. */
  readonly fail: () => Promise<void>;
}

/** A client over a store that says what it is told. Closed after the test. */
export async function scriptedClient(
  flags: Readonly<Record<string, unknown>>,
  options: Partial<FlagClientOptions> = {},
): Promise<ScriptedClient> {
  let version = 1;
  const step = (next: Readonly<Record<string, unknown>>) =>
    sourceSteps.document(JSON.stringify({ schemaVersion: 1, flags: next }), { epoch: 1, version: version++ });
  const source = scriptedSource([step(flags)]);
  const client = createFlagClient({
    source,
    refreshMode: 'none',
    logLevel: 'silent',
    variables: false,
    ...options,
  });
  onTestFinished(() => client.close());
  await client.ready();
  // Until the document is there: a step is taken once, and the last one repeats.
  const catchUp = async (): Promise<void> => {
    const reads = source.reads.length;
    while (source.reads.length === reads) await client.refresh({ force: true });
  };
  return {
    client,
    source,
    publish: async (next) => {
      source.push(step(next));
      await catchUp();
    },
    fail: async () => {
      source.push(sourceSteps.fail('unavailable', { retryable: false }));
      await catchUp();
    },
  };
}
