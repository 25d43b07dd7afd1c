import { flagStore } from '@clarity/flags-core/adapter-kit';
import type { FlagStore } from '@clarity/flags-core/ports';
import { redisFeed, type RedisFeedOptions } from './redis-feed.ts';
import { redisInspector } from './redis-inspector.ts';
import { redisPublisher, type RedisPublisherOptions } from './redis-publisher.ts';
import { redisSource } from './redis-source.ts';

export type RedisStoreOptions = RedisFeedOptions & RedisPublisherOptions;

/** All roles over one document in Redis. */
export type RedisStore = FlagStore<'source' | 'feed' | 'publisher' | 'inspector'>;

/**
 * A source, a feed and a publisher over one namespace. By address, each opens its own connection when it is first used;
 * a client that is handed in serves source and publisher, and the feed opens one more like it.
 *
 * @throws StoreError `invalid` for an address that is not one of Redis
 * @throws TypeError or RangeError for any other bad option
 */
export function redisStore(options: RedisStoreOptions): RedisStore {
  return flagStore({
    source: redisSource(options),
    feed: redisFeed(options),
    publisher: redisPublisher(options),
    inspector: redisInspector(options),
  });
}
