import { flagStore } from '@clarity/flags-core/adapter-kit';
import type { FlagStore } from '@clarity/flags-core/ports';
import type { UpstashPublisherOptions } from './publisher-over.ts';
import { upstashFeed, type UpstashFeedOptions } from './upstash-feed.ts';
import { upstashPublisher } from './upstash-publisher.ts';
import { upstashSource } from './upstash-source.ts';

export interface UpstashStoreOptions
  extends UpstashFeedOptions, Pick<UpstashPublisherOptions, 'maxBytes' | 'allowEmpty'> {}

/** All three roles over one database. */
export type UpstashStore = FlagStore<'source' | 'feed' | 'publisher'>;

/** @throws TypeError or RangeError for a bad option; a missing address or token is named with its variable. */
export function upstashStore(options: UpstashStoreOptions = {}): UpstashStore {
  return flagStore({
    source: upstashSource(options),
    feed: upstashFeed(options),
    publisher: upstashPublisher(options),
  });
}
