import type { FlagPublisher } from '@clarity/flags-core/ports';
import { Redis } from '@upstash/redis';
import { publisherOver, type UpstashPublisherOptions } from './publisher-over.ts';

/**
 * Publishes to Upstash by compare-and-set: the same script, key and notice as the Redis adapter's, so that one may
 * write what the other reads. One command each. A connection that breaks is tried once more, which publishes nothing
 * twice.
 *
 * Rejects with `conflict`, `invalid` (not a flag document; a key that holds something else), `too-large`,
 * `unauthorized` (the token may only read), `throttled`, `unavailable` or `timeout`. After the last two the document
 * may have been written: read before trying again.
 *
 * @throws TypeError or RangeError for a bad option; a missing address or token is named with its variable.
 */
export function upstashPublisher(options: UpstashPublisherOptions = {}): FlagPublisher {
  return publisherOver((settings) => new Redis(settings), options);
}
