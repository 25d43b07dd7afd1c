export type { UpstashPublisherOptions } from './publisher-over.ts';
export type { UpstashSourceOptions } from './source-over.ts';
export { upstashFeed, type UpstashFeedOptions } from './upstash-feed.ts';
export type { DocumentOptions, UpstashOptions } from './upstash-options.ts';
export { upstashPublisher } from './upstash-publisher.ts';
export { upstashSource } from './upstash-source.ts';
export { type UpstashStore, upstashStore, type UpstashStoreOptions } from './upstash-store.ts';
