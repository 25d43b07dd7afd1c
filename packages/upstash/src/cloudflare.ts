/**
 * For Cloudflare Workers and other edge runtimes: `@clarity/flags-upstash/cloudflare`. Speaks the REST API by `fetch`,
 * without the library, which is larger than evaluator and client together.
 */
import type { FlagPublisher, FlagSource } from '@clarity/flags-core/ports';
import { fetchRedis } from './fetch-redis.ts';
import { publisherOver, type UpstashPublisherOptions } from './publisher-over.ts';
import { sourceOver, type UpstashSourceOptions } from './source-over.ts';

export type { UpstashPublisherOptions } from './publisher-over.ts';
export type { UpstashSourceOptions } from './source-over.ts';

/**
 * The document in Upstash as a source: one command when nothing changed, two when something did. Pass `url` and `token`
 * from the worker's `env`. Makes no request and sets no timer until it is read, so it may be made at module scope.
 *
 * @throws TypeError or RangeError for a bad option; a missing address or token is named with its variable.
 */
export function upstashSource(options: UpstashSourceOptions): FlagSource {
  return sourceOver(fetchRedis, options);
}

/**
 * Publishes by compare-and-set in one script, the same as the Redis adapter's.
 *
 * @throws TypeError or RangeError for a bad option; a missing address or token is named with its variable.
 */
export function upstashPublisher(options: UpstashPublisherOptions): FlagPublisher {
  return publisherOver(fetchRedis, options);
}
