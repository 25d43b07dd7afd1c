import { type FeedListener, type FlagFeed, type Notice, StoreError } from '@clarity/flags-core/ports';

export interface ManualFeedOptions {
  /**
   * `at-once` (default): a subscription is acknowledged by itself. `by-hand`: it waits for `acknowledge` or `refuse`.
   */
  readonly acknowledge?: 'at-once' | 'by-hand';
  /** Short name for people. Default `manual feed`. */
  readonly name?: string;
}

export interface ManualFeed extends FlagFeed {
  /** Subscriptions that were acknowledged and have not ended. */
  readonly subscribers: number;
  /** Subscriptions that wait for `acknowledge` or `refuse`. */
  readonly waiting: number;
  /** Calls of `subscribe` so far. */
  readonly attempts: number;
  readonly closed: boolean;
  /** Acknowledges every waiting subscription. */
  acknowledge(): void;
  /** Refuses every waiting subscription; with `next`, also each later one until `accept` is called. */
  refuse(error?: StoreError, options?: { readonly next?: boolean }): void;
  /** Later subscriptions are answered as `acknowledge` in the options says, again. */
  accept(): void;
  /** Announces a change (default), or any other notice, to every subscriber. */
  notice(notice?: Notice): void;
  /** Tells every subscriber that the subscription is lost. */
  down(error?: StoreError): void;
  /** Tells every subscriber that it is acknowledged anew. */
  up(): void;
}

interface Waiting {
  readonly grant: () => void;
  readonly deny: (error: StoreError) => void;
}

/** A feed in the hands of a test. */
export function manualFeed(options: ManualFeedOptions = {}): ManualFeed {
  const { name = 'manual feed', acknowledge: manner = 'at-once' } = options;
  const subscribers = new Set<{ readonly listener: FeedListener }>();
  const waiting = new Set<Waiting>();
  const closing = new AbortController();
  let refusal: StoreError | undefined;
  let attempts = 0;

  const lost = (): StoreError => new StoreError('unavailable', `${name} is down, by hand of the test`);

  return {
    name,
    get subscribers() {
      return subscribers.size;
    },
    get waiting() {
      return waiting.size;
    },
    get attempts() {
      return attempts;
    },
    get closed() {
      return closing.signal.aborted;
    },
    subscribe(listener, signal) {
      attempts += 1;
      if (closing.signal.aborted) {
        return Promise.reject(new StoreError('unavailable', `${name} is closed`, { retryable: false }));
      }
      if (signal.aborted)
        return Promise.reject(new StoreError('timeout', `stopped by the caller before ${name} answered`));
      if (refusal !== undefined) return Promise.reject(refusal);
      const subscription = { listener };
      return new Promise((resolve, reject) => {
        const answer: Waiting = {
          grant: () => {
            waiting.delete(answer);
            subscribers.add(subscription);
            resolve();
          },
          deny: (error) => {
            waiting.delete(answer);
            reject(error);
          },
        };
        const end = (): void => {
          subscribers.delete(subscription);
          signal.removeEventListener('abort', end);
          closing.signal.removeEventListener('abort', end);
          if (waiting.has(answer)) {
            answer.deny(
              new StoreError('timeout', `stopped before ${name} answered`, { retryable: !closing.signal.aborted }),
            );
          }
        };
        signal.addEventListener('abort', end);
        closing.signal.addEventListener('abort', end);
        if (manner === 'at-once') answer.grant();
        else waiting.add(answer);
      });
    },
    acknowledge: () => {
      for (const answer of waiting) answer.grant();
    },
    refuse: (error = lost(), { next = false } = {}) => {
      if (next) refusal = error;
      for (const answer of waiting) answer.deny(error);
    },
    accept: () => {
      refusal = undefined;
    },
    notice: (notice = { kind: 'changed' }) => {
      for (const { listener } of subscribers) isolated(() => listener.notice(notice));
    },
    down: (error = lost()) => {
      for (const { listener } of subscribers) isolated(() => listener.down(error));
    },
    up: () => {
      for (const { listener } of subscribers) isolated(() => listener.up());
    },
    close: async () => closing.abort(),
  };
}

function isolated(call: () => void): void {
  try {
    call();
  } catch {
    // A listener that throws must not stop the others (F45).
  }
}
