import type { FlagFeed, FlagPublisher, FlagSource } from '@clarity/flags-core/ports';
import type { UpstashPublisherOptions } from './publisher-over.ts';
import { upstashFeed, type UpstashFeedOptions } from './upstash-feed.ts';
import { upstashPublisher } from './upstash-publisher.ts';
import { upstashSource } from './upstash-source.ts';

export interface UpstashStoreOptions
  extends UpstashFeedOptions, Pick<UpstashPublisherOptions, 'maxBytes' | 'allowEmpty'> {}

/** All three roles over one database. */
export interface UpstashStore {
  readonly source: FlagSource;
  readonly feed: FlagFeed;
  readonly publisher: FlagPublisher;
  /** Closes all three. Idempotent. */
  close(): Promise<void>;
}

/** @throws TypeError or RangeError for a bad option; a missing address or token is named with its variable. */
export function upstashStore(options: UpstashStoreOptions = {}): UpstashStore {
  const source = upstashSource(options);
  const feed = upstashFeed(options);
  const publisher = upstashPublisher(options);
  return {
    source,
    feed,
    publisher,
    close: async () => {
      await Promise.all([source.close(), feed.close(), publisher.close()]);
    },
  };
}
