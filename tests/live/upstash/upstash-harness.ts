/** Harnesses over the REST stand-in in front of a real redis-server, with the real client in between. */
import * as library from '@clarity/flags-upstash';
import * as edge from '@clarity/flags-upstash/cloudflare';
import type { Fault, FaultName, FeedHarness, PublisherHarness, SourceHarness } from '@clarity/flags-testing/checks';
import { startUpstashServer, type UpstashServer } from '@clarity/flags-stand-ins/upstash-server';
import { randomUUID } from 'node:crypto';
import { isStoreError, type StoreError } from '@clarity/flags-core/ports';
import { expect, onTestFinished } from 'vitest';
import { documentText } from '../redis/watched-client.ts';
import { type RedisServer, startRedis } from '../support/redis-server.ts';

export const TOKEN = 'AX-token-hunter2';
const SECRETS = [TOKEN];
const NEVER = new AbortController().signal;

let redis: RedisServer | undefined;

/** The one redis-server of a test file; every check has a namespace of its own in it. */
export async function startSharedRedis(): Promise<void> {
  redis = await startRedis();
}

export async function stopSharedRedis(): Promise<void> {
  await redis?.stop();
}

export function sharedRedis(): RedisServer {
  if (redis === undefined) throw new Error('the redis-server is not started; call startSharedRedis in beforeAll');
  return redis;
}

export interface Place {
  readonly server: UpstashServer;
  readonly namespace: string;
  readonly connect: { readonly url: string; readonly token: string; readonly namespace: string };
}

async function openPlace(): Promise<Place> {
  const server = await startUpstashServer({ redisUrl: sharedRedis().url, token: TOKEN });
  const namespace = `check-${randomUUID().slice(0, 8)}`;
  return { server, namespace, connect: { url: server.url, token: server.token, namespace } };
}

/** What Redis holds, past the adapter. */
export async function storedIn(namespace: string) {
  const reply = await sharedRedis().command('HMGET', `${namespace}:document`, 'doc', 'epoch', 'v', 'sha256');
  const [text, epoch, version, hash] = reply as readonly (string | null)[];
  if (typeof text !== 'string') return undefined;
  return { text, revision: { epoch: Number(epoch), version: Number(version), hash: String(hash) } };
}

function faultsOf({ server, namespace }: Place): Partial<Record<FaultName, Fault>> {
  const key = `${namespace}:document`;
  return {
    down: async () => {
      const mend = server.fail({ kind: 'reset' });
      server.closeStreams();
      return async () => mend();
    },
    hang: async () => {
      const mend = server.fail({ kind: 'hang' });
      return async () => mend();
    },
    unauthorized: async () => {
      server.changeToken(undefined);
      server.closeStreams();
      return async () => server.changeToken(TOKEN);
    },
    gone: async () => {
      await sharedRedis().command('DEL', key);
      return async () => undefined;
    },
    corrupt: async () => {
      await sharedRedis().command('HSET', key, 'doc', '{"schemaVersion":1,"fla');
      return async () => undefined;
    },
  };
}

/** The two entries: over the library, and by `fetch` alone. */
export const ENTRIES = { '@clarity/flags-upstash': library, '@clarity/flags-upstash/cloudflare': edge } as const;

export const sourceHarness = (entry: keyof typeof ENTRIES): SourceHarness => ({
  open: async () => {
    const place = await openPlace();
    return {
      source: ENTRIES[entry].upstashSource(place.connect),
      seed: async (text) => {
        const publisher = library.upstashPublisher(place.connect);
        await publisher.publish(text, (await storedIn(place.namespace))?.revision ?? 'absent', NEVER);
        await publisher.close();
      },
      tellsAncestors: true,
      secrets: SECRETS,
      faults: faultsOf(place),
      dispose: () => place.server.stop(),
    };
  },
});

export const publisherHarness = (entry: keyof typeof ENTRIES): PublisherHarness => ({
  impossible: { gone: 'publishing needs no document', corrupt: 'what is there is replaced or refused as a conflict' },
  open: async () => {
    const place = await openPlace();
    return {
      publisher: ENTRIES[entry].upstashPublisher(place.connect),
      another: async () => ENTRIES[entry].upstashPublisher(place.connect),
      stored: () => storedIn(place.namespace),
      snapshot: async () => {
        const key = `${place.namespace}:document`;
        const fields = (await sharedRedis().command('HGETALL', key)) as string[];
        return async () => void (await sharedRedis().command('HSET', key, ...fields));
      },
      secrets: SECRETS,
      faults: faultsOf(place),
      dispose: () => place.server.stop(),
    };
  },
});

export const feedHarness: FeedHarness = {
  impossible: { gone: 'a feed has no document', corrupt: 'a feed has no document' },
  open: async () => {
    const place = await openPlace();
    const { namespace, connect } = place;
    const document = JSON.stringify({ schemaVersion: 1, flags: { a: { status: 'enabled' } } });
    // Past the stand-in, so that a change can be made while that misbehaves.
    const announce = (other: string): Promise<unknown> =>
      sharedRedis().command(
        'PUBLISH',
        `${namespace}:config-changed`,
        JSON.stringify({ clarity: 1, namespace: other, epoch: Date.now(), version: 1, hash: 'a'.repeat(64) }),
      );
    return {
      feed: library.upstashFeed(connect),
      change: async () => {
        const publisher = library.upstashPublisher(connect);
        await publisher.restore(document, NEVER);
        await publisher.close();
      },
      changeElsewhere: async () => {
        await announce('another');
      },
      secrets: SECRETS,
      faults: faultsOf(place),
      dispose: () => place.server.stop(),
    };
  },
};

/** A place that ends with the test. */
export async function place(): Promise<Place> {
  const opened = await openPlace();
  onTestFinished(() => opened.server.stop());
  return opened;
}

/** A place with document 1 in it. */
export async function filled(): Promise<Place> {
  const opened = await place();
  await publish(opened, 1);
  return opened;
}

/** Restores document `n` there, and forgets that it did. */
export async function publish({ connect, server }: Place, n: number, text = documentText(n)): Promise<void> {
  const publisher = library.upstashPublisher(connect);
  await publisher.restore(text, NEVER);
  await publisher.close();
  server.forgetCalls();
}

/** What a call that must be refused rejected with; it shows no token. */
export async function failure(reading: Promise<unknown>): Promise<StoreError> {
  const error: unknown = await reading.then(
    (value) => Promise.reject(new Error(`it resolved with ${JSON.stringify(value)}`)),
    (reason: unknown) => reason,
  );
  if (!isStoreError(error)) throw new Error(`no StoreError: ${String(error)}`);
  expect(error.message).not.toContain(TOKEN);
  return error;
}

/** What was sent since. */
export const commandsOf = ({ server }: Place): readonly unknown[] => server.calls.flatMap(({ commands }) => commands);
