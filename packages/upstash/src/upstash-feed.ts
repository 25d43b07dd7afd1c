import { CallScope, checkedNumber } from '@clarity/flags-core/adapter-kit';
import type { FeedListener, FlagFeed } from '@clarity/flags-core/ports';
import { Subscription } from './subscription.ts';
import type { UpstashOptions } from './upstash-options.ts';
import { resolveUpstash } from './resolve-upstash.ts';

export interface UpstashFeedOptions extends UpstashOptions {
  /**
   * After how long an open stream is replaced by a new one, in milliseconds, 10,000 to 86,400,000. Default 600,000. The stream
   * has no heartbeat: one that died without a word is found by this. Each renewal costs a command.
   */
  readonly renewAfterMs?: number;
}

const DEFAULT_RENEW_AFTER_MS = 600_000;

/**
 * Hears of changes over the subscribe stream of the REST API, for runtimes with a background: Node, Bun, Deno. A hint only:
 * it may lose notices without knowing, so a client polls beside it. A lost stream is `down`, opened again with backoff, and then
 * `up`. An open stream does not hold a Node process.
 *
 * `subscribe` rejects with `unauthorized`, `throttled`, `invalid` (not the API), `unavailable` or `timeout`.
 *
 * @throws TypeError or RangeError for a bad option; a missing address or token is named with its variable.
 */
export function upstashFeed(options: UpstashFeedOptions = {}): FlagFeed {
  const place = resolveUpstash(options);
  const { renewAfterMs = DEFAULT_RENEW_AFTER_MS } = options;
  checkedNumber('renewAfterMs', renewAfterMs, 10_000, 86_400_000);
  const scope = new CallScope(`the Upstash feed ${place.name}`);
  const subscriptions = new Set<() => void>();

  async function subscribe(listener: FeedListener, signal: AbortSignal, starting: AbortSignal): Promise<void> {
    const subscription = new Subscription(place, renewAfterMs, listener);
    const end = (): void => {
      subscription.end();
      subscriptions.delete(end);
      signal.removeEventListener('abort', end);
      starting.removeEventListener('abort', end);
    };
    subscriptions.add(end);
    signal.addEventListener('abort', end, { once: true });
    starting.addEventListener('abort', end, { once: true });
    try {
      await subscription.start();
      starting.throwIfAborted();
    } catch (error) {
      end();
      throw error;
    }
    starting.removeEventListener('abort', end);
  }

  return {
    name: place.name,
    subscribe: (listener, signal) =>
      scope.run(`subscribe to ${place.layout.channel}`, signal, (starting) => subscribe(listener, signal, starting)),
    close: async () => {
      for (const end of subscriptions) end();
      scope.close();
    },
  };
}
