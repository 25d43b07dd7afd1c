import type { FlagFeed, FlagPublisher, FlagSource } from '@clarity/flags-core/ports';
import { fileFeed, type FileFeedOptions } from './file-feed.ts';
import { filePublisher, type FilePublisherOptions } from './file-publisher.ts';
import { fileSource } from './file-source.ts';

export interface FileStoreOptions extends FileFeedOptions, FilePublisherOptions {}

/** All three roles over one file. */
export interface FileStore {
  readonly source: FlagSource;
  readonly feed: FlagFeed;
  readonly publisher: FlagPublisher;
  /** Closes all three. Idempotent. */
  close(): Promise<void>;
}

/**
 * A source, a feed and a publisher over one path. They share nothing but the file: each could as well be in another process.
 *
 * @throws TypeError or RangeError for a bad option.
 */
export function fileStore(options: FileStoreOptions): FileStore {
  const source = fileSource(options);
  const feed = fileFeed(options);
  const publisher = filePublisher(options);
  return {
    source,
    feed,
    publisher,
    close: async () => {
      await Promise.all([source.close(), feed.close(), publisher.close()]);
    },
  };
}
