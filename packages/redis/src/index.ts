export { redisFeed, type RedisFeedOptions } from './redis-feed.ts';
export { redisInspector } from './redis-inspector.ts';
export type { DocumentOptions, RedisAddress, RedisClientGiven, RedisOptions, RedisPlace } from './redis-options.ts';
export { redisPublisher, type RedisPublisherOptions } from './redis-publisher.ts';
export { redisSource, type RedisSourceOptions } from './redis-source.ts';
export { redisStore, type RedisStore, type RedisStoreOptions } from './redis-store.ts';
