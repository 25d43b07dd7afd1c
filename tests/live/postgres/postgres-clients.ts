// What the tests of Postgres do again and again.
import { postgresPublisher, postgresStore, type PostgresStoreOptions } from '@clarity/flags-postgres';
import {
  type CountedRevision,
  isCounted,
  isStoreError,
  type Revision,
  type StoreError,
} from '@clarity/flags-core/ports';
import type { FlagClientOptions } from '@clarity/flags-core';
import { onTestFinished } from 'vitest';
import { documentText, watch, type WatchedClient } from '../redis/watched-client.ts';

export { documentText, eventually, HEARTBEAT_MS, SLACK_MS, timed } from '../redis/watched-client.ts';

export const never = new AbortController().signal;

/** A store that is closed with the test. */
export function storeAt(options: PostgresStoreOptions) {
  const store = postgresStore({ connectTimeoutMs: 2_000, ...options });
  onTestFinished(() => store.close());
  return store;
}

/** A client over source and feed, of which nothing but the feed brings a change: its interval is a minute. */
export function clientAt(options: PostgresStoreOptions, given: Partial<FlagClientOptions> = {}): WatchedClient {
  const { source, feed } = storeAt(options);
  return watch(source, feed, given);
}

/** Publishes document `n` over a connection of its own. */
export async function publish(
  url: string,
  n: number,
  expected: Revision | 'absent' = 'absent',
): Promise<CountedRevision & Awaited<ReturnType<ReturnType<typeof postgresPublisher>['publish']>>> {
  const publisher = postgresPublisher({ url });
  try {
    const published = await publisher.publish(documentText(n), expected, never);
    if (!isCounted(published)) throw new Error('Postgres counts');
    return published;
  } finally {
    await publisher.close();
  }
}

/** What it rejects with. */
export async function refusal(work: Promise<unknown>): Promise<StoreError> {
  const outcome: unknown = await work.catch((error: unknown) => error);
  if (isStoreError(outcome)) return outcome;
  throw new Error('it was not refused');
}
