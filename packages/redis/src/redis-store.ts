import type { FlagFeed, FlagPublisher, FlagSource, StoreInspector } from '@clarity/flags-core/ports';
import { redisFeed, type RedisFeedOptions } from './redis-feed.ts';
import { redisInspector } from './redis-inspector.ts';
import { redisPublisher, type RedisPublisherOptions } from './redis-publisher.ts';
import { redisSource } from './redis-source.ts';

export type RedisStoreOptions = RedisFeedOptions & RedisPublisherOptions;

/** All roles over one document in Redis. */
export interface RedisStore {
  readonly source: FlagSource;
  readonly feed: FlagFeed;
  readonly publisher: FlagPublisher;
  /** For people: what `clarity-flags doctor` asks. */
  readonly inspector: StoreInspector;
  /** Closes all of them. Idempotent. */
  close(): Promise<void>;
}

/**
 * A source, a feed and a publisher over one namespace. By address, each opens its own connection when it is first used; a
 * client that is handed in serves source and publisher, and the feed opens one more like it.
 *
 * @throws StoreError `invalid` for an address that is none
 * @throws TypeError or RangeError for any other bad option
 */
export function redisStore(options: RedisStoreOptions): RedisStore {
  const source = redisSource(options);
  const feed = redisFeed(options);
  const publisher = redisPublisher(options);
  const inspector = redisInspector(options);
  return {
    source,
    feed,
    publisher,
    inspector,
    close: async () => {
      await Promise.all([source.close(), feed.close(), publisher.close(), inspector.close()]);
    },
  };
}
