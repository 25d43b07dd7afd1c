// A client over Redis as an application has it, with everything that it says kept: what the fault tests look at.
import { createFlagClient, type FlagClient, type FlagClientOptions } from '@clarity/flags-core';
import {
  type CountedRevision,
  type FlagFeed,
  type FlagSource,
  isCounted,
  isStoreError,
  type Notice,
  type Revision,
  type StoreError,
} from '@clarity/flags-core/ports';
import { redisPublisher, redisStore } from '@clarity/flags-redis';
import { type RecordingLogger, recordingLogger, type RecordingSink, recordingSink } from '@clarity/flags-testing';
import { expect, onTestFinished, vi } from 'vitest';

export const CHANNEL = 'feature_flags:config-changed';
export const KEY = 'feature_flags:document';
export const HEARTBEAT_MS = 200;
/**
 * What timers and sockets may take on a busy machine. It is far below the interval, so what comes in time was not
 * polled.
 */
export const SLACK_MS = 1_000;

/** How long what is sure to come may take on a machine that is busy with everything at once. */
const PATIENCE_MS = 15_000;

const never = new AbortController().signal;

/** Document `n`: a flag tells which one is served. */
export function documentText(n: number): string {
  return JSON.stringify({ schemaVersion: 1, flags: { [`is_${n}`]: { status: 'enabled', metadata: { n } } } });
}

export interface WatchedClient {
  readonly client: FlagClient;
  readonly log: RecordingLogger;
  readonly metrics: RecordingSink;
  /** Every revision that was served, in order. */
  readonly revisions: readonly Revision[];
  /** Notices as the feed gave them. */
  readonly notices: readonly Notice[];
  /** Reads begun so far. */
  readonly reads: () => number;
  /**
   * Resolves once document `n` is served. The interval is far longer than this waits, unless a test sets a shorter one.
   */
  readonly serves: (n: number, withinMs?: number) => Promise<void>;
  /** Resolves at the next turn of the feed to this state, or now if it is there. */
  readonly feedIs: (state: 'up' | 'down', withinMs?: number) => Promise<void>;
  /** Everything that was said to anybody. */
  readonly said: () => string;
}

/** A minute: what is seen earlier was brought by the feed. */
const QUIET: Partial<FlagClientOptions> = {
  refreshMode: 'both',
  refreshIntervalMs: 60_000,
  staleAfterMs: 300_000,
  timeoutMs: 1_000,
};

/** Ends with the test. Each served revision is compared with the one before: it never goes back. */
export function watch(
  source: FlagSource,
  feed: FlagFeed | undefined,
  options: Partial<FlagClientOptions> = {},
): WatchedClient {
  const log = recordingLogger();
  const metrics = recordingSink();
  const notices: Notice[] = [];
  const revisions: Revision[] = [];
  const errors: unknown[] = [];
  let reads = 0;
  const client = createFlagClient({
    source: {
      name: source.name,
      read: (known, signal, announced) => {
        reads += 1;
        return source.read(known, signal, announced);
      },
      close: () => source.close(),
    },
    ...(feed !== undefined && { feed: overheard(feed, (notice) => notices.push(notice)) }),
    ...QUIET,
    logger: log,
    logLevel: 'debug',
    metrics,
    variables: false,
    ...options,
  });
  const note = (revision: Revision | undefined): void => {
    if (revision !== undefined) revisions.push(revision);
  };
  client.on('ready', ({ revision }) => note(revision));
  client.on('changed', ({ revision }) => note(revision));
  client.on('error', (problem) => errors.push(problem));
  onTestFinished(async () => {
    await client.close();
    expectNeverBack(revisions);
  });
  return {
    client,
    log,
    metrics,
    revisions,
    notices,
    reads: () => reads,
    serves: (n, withinMs = PATIENCE_MS) =>
      eventually(() => expect(client.isEnabled(`is_${n}`), `document ${n} is served`).toBe(true), withinMs),
    feedIs: (state, withinMs = PATIENCE_MS) => eventually(() => expect(client.health().feed).toBe(state), withinMs),
    said: () =>
      JSON.stringify([
        log.entries,
        errors,
        metrics.series(),
        client.health(),
        client.freshness(),
        source.name,
        feed?.name,
      ]),
  };
}

/** A client over source and feed of one Redis. */
export function openStore(url: string, options: Partial<FlagClientOptions> = {}): WatchedClient {
  const { source, feed } = redisStore({ url, connectTimeoutMs: 1_000 });
  return watch(source, feed, options);
}

/** The same, in which document 1 was published: it serves that and is subscribed. */
export async function opened(
  url: string,
  options: Partial<FlagClientOptions> = {},
): Promise<WatchedClient & { readonly first: CountedRevision }> {
  const first = counted(await publish(url, 1));
  const watched = openStore(url, options);
  await watched.serves(1);
  await watched.feedIs('up');
  return { ...watched, first };
}

export function counted(revision: Revision): CountedRevision {
  if ('version' in revision) return revision;
  throw new Error('the revision does not count');
}

function overheard(feed: FlagFeed, hear: (notice: Notice) => void): FlagFeed {
  return {
    name: feed.name,
    subscribe: (listener, signal) =>
      feed.subscribe(
        {
          notice: (notice) => {
            hear(notice);
            listener.notice(notice);
          },
          down: (error) => listener.down(error),
          up: () => listener.up(),
        },
        signal,
      ),
    close: () => feed.close(),
  };
}

function expectNeverBack(revisions: readonly Revision[]): void {
  const counted = revisions.filter((revision) => 'version' in revision);
  const sorted = [...counted].sort((a, b) => a.epoch - b.epoch || a.version - b.version);
  expect(counted, 'the served revision never goes back').toEqual(sorted);
}

/** Something that is about to come about through sockets and timers of others. */
export function eventually(holds: () => void | Promise<void>, withinMs = PATIENCE_MS): Promise<void> {
  return vi.waitFor(holds, { timeout: withinMs, interval: 5 });
}

/** Publishes document `n`, first of a store or on top of what is there, over a connection of its own. */
export async function publish(
  url: string,
  n: number,
  expected: Revision | 'absent' = 'absent',
): Promise<CountedRevision> {
  const publisher = redisPublisher({ url });
  try {
    const published = await publisher.publish(documentText(n), expected, never);
    if (!isCounted(published)) throw new Error('Redis counts');
    return published;
  } finally {
    await publisher.close();
  }
}

export async function restore(url: string, n: number): Promise<Revision> {
  const publisher = redisPublisher({ url });
  try {
    return await publisher.restore(documentText(n), never);
  } finally {
    await publisher.close();
  }
}

/** The notice that a publisher of ours sends, put together by hand. */
export function noticeText(
  scope: { readonly namespace: string; readonly database?: number },
  { epoch, version, hash = '' }: { readonly epoch: number; readonly version: number; readonly hash?: string },
): string {
  return JSON.stringify({ clarity: 1, ...scope, epoch, version, hash });
}

/** What a read of it rejects with; it is closed then. */
export async function refusalOf(source: FlagSource): Promise<StoreError> {
  try {
    const outcome: unknown = await source.read(undefined, never).catch((error: unknown) => error);
    if (isStoreError(outcome)) return outcome;
    throw new Error('it was not refused');
  } finally {
    await source.close();
  }
}

/** How long `work` takes, in milliseconds. */
export async function timed(work: Promise<unknown>): Promise<number> {
  const begunMs = performance.now();
  await work;
  return performance.now() - begunMs;
}
