import { flagStore } from '@clarity/flags-core/adapter-kit';
import type { FlagStore } from '@clarity/flags-core/ports';
import { fileFeed, type FileFeedOptions } from './file-feed.ts';
import { fileHistory } from './file-history.ts';
import { filePublisher, type FilePublisherOptions } from './file-publisher.ts';
import { fileSource } from './file-source.ts';

export interface FileStoreOptions extends FileFeedOptions, FilePublisherOptions {}

/** All roles over one file. */
export type FileStore = FlagStore<'source' | 'feed' | 'publisher' | 'history'>;

/**
 * A source, a feed, a publisher and the history over one path. They share nothing but the file: each could as well be
 * in another process.
 *
 * @throws TypeError or RangeError for a bad option.
 */
export function fileStore(options: FileStoreOptions): FileStore {
  return flagStore({
    source: fileSource(options),
    feed: fileFeed(options),
    publisher: filePublisher(options),
    history: fileHistory(options),
  });
}
