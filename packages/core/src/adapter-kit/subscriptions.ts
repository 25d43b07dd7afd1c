import type { FeedListener, FlagFeed } from '../ports/feed.ts';
import { CallScope } from './call-scope.ts';

/** One subscription of a feed, for as long as it is wanted. */
export interface Subscription {
  /** The first attempt. Resolves once the subscription is acknowledged. @throws StoreError when it is not */
  start(): Promise<void>;
  /** Ends it at once, also while it starts: its listener is not called from then on. Idempotent. */
  end(): void;
}

export interface SubscriptionsOptions<One extends Subscription> {
  /** Completes "... is closed", as in `the Redis feed redis:flags`. Holds no secret. */
  readonly feed: string;
  /** Completes "stopped by the caller before it could ...". */
  readonly attempt: string;
  readonly make: (listener: FeedListener) => One;
}

export interface Subscriptions<One extends Subscription> extends Pick<FlagFeed, 'subscribe'> {
  /** Ends all of them and refuses new ones. Gives those that it ended, to wait for what they hold. Idempotent. */
  close(): readonly One[];
}

/**
 * The subscriptions of one feed. Each ends with its signal, with `close`, or when its first attempt fails, and then
 * nothing of it is left; one that is called off while it starts ends too, even if the library beneath goes on starting
 * it (F50).
 */
export function subscriptions<One extends Subscription>({
  feed,
  attempt,
  make,
}: SubscriptionsOptions<One>): Subscriptions<One> {
  const scope = new CallScope(feed);
  const open = new Map<One, () => void>();

  async function subscribe(listener: FeedListener, signal: AbortSignal, starting: AbortSignal): Promise<void> {
    const subscription = make(listener);
    const end = (): void => {
      subscription.end();
      open.delete(subscription);
      signal.removeEventListener('abort', end);
    };
    open.set(subscription, end);
    signal.addEventListener('abort', end, { once: true });
    starting.addEventListener('abort', end, { once: true });
    try {
      await subscription.start();
      starting.throwIfAborted();
    } catch (error) {
      end();
      throw error;
    } finally {
      starting.removeEventListener('abort', end);
    }
  }

  return {
    subscribe: (listener, signal) => scope.run(attempt, signal, (starting) => subscribe(listener, signal, starting)),
    close: () => {
      const ended = [...open.keys()];
      for (const end of open.values()) end();
      scope.close();
      return ended;
    },
  };
}
