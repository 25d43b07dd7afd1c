export { fileCache, type FileCacheOptions } from './file-cache.ts';
export { fileHistory } from './file-history.ts';
export { fileFeed, type FileFeedOptions } from './file-feed.ts';
export { filePublisher, type FilePublisherOptions } from './file-publisher.ts';
export { fileSource, type FileSourceOptions } from './file-source.ts';
export { fileStore, type FileStore, type FileStoreOptions } from './file-store.ts';
