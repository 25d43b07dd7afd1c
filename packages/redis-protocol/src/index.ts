/**
 * How flags are kept in Redis, for every adapter that speaks to one: keys, the publishing script, notices and reading.
 */
export type { RedisLayout, RedisLayoutOptions } from './layout.ts';
export { redisLayout } from './layout.ts';
export { redisServerNoted } from './meta.ts';
export type { RedisNoticeScope } from './notice.ts';
export { parseRedisNotice } from './notice.ts';
export type { RedisPublication } from './publish.ts';
export { parseRedisPublishReply, redisPublishArguments } from './publish.ts';
export { REDIS_PUBLISH_SCRIPT } from './publish-script.ts';
export type { RedisReader, RedisReadOptions, RedisText } from './reading.ts';
export { readRedisDocument } from './reading.ts';
