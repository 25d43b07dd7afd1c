import { checkedNumber, subscriptions } from '@clarity/flags-core/adapter-kit';
import type { FlagFeed } from '@clarity/flags-core/ports';
import { StreamSubscription } from './stream-subscription.ts';
import type { UpstashOptions } from './upstash-options.ts';
import { resolveUpstash } from './resolve-upstash.ts';

export interface UpstashFeedOptions extends UpstashOptions {
  /**
   * After how long an open stream is replaced by a new one, in milliseconds, 10,000 to 86,400,000. Default 600,000. The
   * stream has no heartbeat: one that died without a word is found by this. Each renewal costs a command.
   */
  readonly renewAfterMs?: number;
}

const DEFAULT_RENEW_AFTER_MS = 600_000;

/**
 * Hears of changes over the subscribe stream of the REST API, for runtimes with a background: Node, Bun, Deno. A hint
 * only: it may lose notices without knowing, so a client polls beside it. A lost stream is `down`, opened again with
 * backoff, and then `up`. An open stream does not hold a Node process.
 *
 * `subscribe` rejects with `unauthorized`, `throttled`, `invalid` (not the API), `unavailable` or `timeout`.
 *
 * @throws TypeError or RangeError for a bad option; a missing address or token is named with its variable.
 */
export function upstashFeed(options: UpstashFeedOptions = {}): FlagFeed {
  const place = resolveUpstash(options);
  const { renewAfterMs = DEFAULT_RENEW_AFTER_MS } = options;
  checkedNumber('renewAfterMs', renewAfterMs, 10_000, 86_400_000);
  const streams = subscriptions({
    feed: `the Upstash feed ${place.name}`,
    attempt: `subscribe to ${place.layout.channel}`,
    make: (listener) => new StreamSubscription(place, renewAfterMs, listener),
  });
  return {
    name: place.name,
    subscribe: streams.subscribe,
    close: async () => {
      streams.close();
    },
  };
}
