import { flagStore } from '@clarity/flags-core/adapter-kit';
import type { FlagStore } from '@clarity/flags-core/ports';
import { postgresFeed, type PostgresFeedOptions } from './postgres-feed.ts';
import { postgresInspector } from './postgres-inspector.ts';
import { postgresPublisher, type PostgresPublisherOptions } from './postgres-publisher.ts';
import { postgresSetup } from './postgres-setup.ts';
import { postgresSource } from './postgres-source.ts';

export type PostgresStoreOptions = PostgresFeedOptions & PostgresPublisherOptions;

/** All roles over one document in Postgres. */
export type PostgresStore = FlagStore<'source' | 'feed' | 'publisher' | 'inspector' | 'setup'>;

/**
 * A source, a feed and a publisher over one namespace. By address, each opens its own connection when it is first used;
 * a pool that is handed in serves all but the feed, which opens one more like those of the pool.
 *
 * @throws StoreError `invalid` for an address that is not one of Postgres
 * @throws TypeError or RangeError for any other bad option
 */
export function postgresStore(options: PostgresStoreOptions): PostgresStore {
  return flagStore({
    source: postgresSource(options),
    feed: postgresFeed(options),
    publisher: postgresPublisher(options),
    inspector: postgresInspector(options),
    setup: postgresSetup(options),
  });
}
