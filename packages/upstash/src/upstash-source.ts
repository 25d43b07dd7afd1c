import type { FlagSource } from '@clarity/flags-core/ports';
import { Redis } from '@upstash/redis';
import { sourceOver, type UpstashSourceOptions } from './source-over.ts';

/**
 * The document in Upstash as a source, over REST. Each command costs money: a read costs one when nothing changed, two
 * when something did (the revision, then the document), and one without a known revision or right after a notice that
 * names one. The revision is `{ epoch, version, hash }`.
 *
 * `read` rejects with `not-found`, `invalid` (a key of another type, unreadable fields, a text that does not match its
 * hash; or not an answer of the API at all), `too-large`, `unauthorized`, `throttled`, `unavailable` or `timeout` (the
 * caller's signal).
 *
 * @throws TypeError or RangeError for a bad option; a missing address or token is named with its variable.
 */
export function upstashSource(options: UpstashSourceOptions = {}): FlagSource {
  return sourceOver((settings) => new Redis(settings), options);
}
