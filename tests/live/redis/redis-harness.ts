// Harnesses for the contract suites: each check gets a redis-server of its own behind a proxy, and a user with a
// password.
import { redisFeed, redisPublisher, redisSource } from '@clarity/flags-redis';
import type { FeedHarness, PublisherHarness, SourceHarness } from '@clarity/flags-testing/checks';
import { startProxy } from '../support/proxy.ts';
import { startRedis } from '../support/redis-server.ts';

const PASSWORD = 'correct-horse/battery+staple';
const CHANNEL = 'feature_flags:config-changed';
const KEY = 'feature_flags:document';
const GRANTS = ['+@all', '~*', '&*'];

async function place() {
  const server = await startRedis();
  await server.command('ACL', 'SETUSER', 'flags', 'on', `>${PASSWORD}`, ...GRANTS);
  const proxy = await startProxy({ port: server.port });
  const url = `redis://flags:${encodeURIComponent(PASSWORD)}@${proxy.host}:${proxy.port}`;
  return {
    server,
    proxy,
    options: { url, connectTimeoutMs: 1_500 },
    secrets: [PASSWORD, encodeURIComponent(PASSWORD), url],
    faults: {
      down: async () => {
        await proxy.down();
        return () => proxy.mend();
      },
      hang: async () => {
        proxy.freeze();
        return () => proxy.mend();
      },
      unauthorized: async () => {
        await server.command('ACL', 'SETUSER', 'flags', '-@all');
        return async () => void (await server.command('ACL', 'SETUSER', 'flags', ...GRANTS));
      },
    },
    dispose: async () => {
      await proxy.stop();
      await server.stop();
    },
  };
}

/** Publishes past proxy and user. */
async function restore(url: string, text: string, namespace = 'feature_flags'): Promise<void> {
  const publisher = redisPublisher({ url, namespace, channel: CHANNEL });
  await publisher.restore(text, new AbortController().signal);
  await publisher.close();
}

export const sourceHarness: SourceHarness = {
  open: async () => {
    const { server, options, secrets, faults, dispose } = await place();
    return {
      source: redisSource(options),
      seed: (text) => restore(server.url, text),
      tellsAncestors: true,
      secrets,
      faults: {
        ...faults,
        gone: async () => {
          await server.command('DEL', KEY);
          return async () => undefined;
        },
        corrupt: async () => {
          await server.command('HSET', KEY, 'v', 'seven', 'doc', '{');
          return async () => undefined;
        },
      },
      dispose,
    };
  },
};

export const feedHarness: FeedHarness = {
  impossible: { gone: 'a feed has no document', corrupt: 'a feed has no document' },
  open: async () => {
    const { server, options, secrets, faults, dispose } = await place();
    let n = 0;
    const text = (): string => {
      n += 1;
      return JSON.stringify({ schemaVersion: 1, flags: { a: { status: 'enabled', metadata: { n } } } });
    };
    return {
      feed: redisFeed({ ...options, heartbeatMs: 200 }),
      change: () => restore(server.url, text()),
      changeElsewhere: () => restore(server.url, text(), 'elsewhere'),
      secrets,
      faults,
      dispose,
    };
  },
};

export const publisherHarness: PublisherHarness = {
  impossible: { gone: 'publishing needs no document', corrupt: 'what is there is compared by its revision' },
  open: async () => {
    const { server, options, secrets, faults, dispose } = await place();
    return {
      publisher: redisPublisher(options),
      another: async () => redisPublisher(options),
      stored: async () => {
        const fields = (await server.command('HMGET', KEY, 'epoch', 'v', 'sha256', 'doc')) as (string | null)[];
        const [epoch, version, hash, text] = fields;
        if (typeof text !== 'string' || typeof hash !== 'string') return undefined;
        return { text, revision: { epoch: Number(epoch), version: Number(version), hash } };
      },
      snapshot: async () => {
        const fields = (await server.command('HGETALL', KEY)) as string[];
        return async () => void (await server.command('HSET', KEY, ...fields));
      },
      secrets,
      faults,
      dispose,
    };
  },
};
