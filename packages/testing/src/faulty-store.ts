import {
  type FeedListener,
  type FlagFeed,
  type FlagPublisher,
  type FlagSource,
  StoreError,
  type StoreErrorReason,
} from '@clarity/flags-core/ports';
import type { MemoryStore } from './memory-store.ts';

/** A store that fails on command. Its ports keep their contracts while it does. */
export interface FaultyStore extends MemoryStore {
  /** From now on every call is refused for this reason, and subscriptions are lost. */
  fail(reason: StoreErrorReason): void;
  /** From now on no call is answered until its signal aborts or its port is closed, and notices are lost without a word. */
  hang(): void;
  /** Ends the fault: calls are answered again, and subscriptions that outlived it are up. */
  mend(): void;
}

type State =
  | { readonly kind: 'sound' }
  | { readonly kind: 'failing'; readonly reason: StoreErrorReason }
  | { readonly kind: 'hanging' };

/** Puts faults in front of a store: of a memory store, or of a real one. */
export function faultyStore(store: MemoryStore): FaultyStore {
  const { source, feed, publisher } = store;
  let state: State = { kind: 'sound' };
  const listeners = new Set<FeedListener>();

  const errorOf = (name: string, reason: StoreErrorReason): StoreError =>
    new StoreError(reason, `${name} is made to fail as ${reason}; mend it to go on`);

  /** Runs the call, unless the store is at fault at this moment. */
  function guarded<T>(name: string, signal: AbortSignal, closing: AbortSignal, call: () => Promise<T>): Promise<T> {
    if (state.kind === 'sound' || closing.aborted || signal.aborted) return call();
    if (state.kind === 'failing') return Promise.reject(errorOf(name, state.reason));
    return new Promise((_resolve, reject) => {
      const end = (): void => {
        signal.removeEventListener('abort', end);
        closing.removeEventListener('abort', end);
        reject(
          closing.aborted
            ? new StoreError('unavailable', `${name} was closed`, { retryable: false })
            : new StoreError('timeout', `stopped by the caller before ${name} answered`),
        );
      };
      signal.addEventListener('abort', end);
      closing.addEventListener('abort', end);
    });
  }

  const [sourceClosing, feedClosing, publisherClosing] = [
    new AbortController(),
    new AbortController(),
    new AbortController(),
  ];

  const guardedSource: FlagSource = {
    name: source.name,
    read: (known, signal) => guarded(source.name, signal, sourceClosing.signal, () => source.read(known, signal)),
    close: () => {
      sourceClosing.abort();
      return source.close();
    },
  };

  const guardedFeed: FlagFeed = {
    name: feed.name,
    async subscribe(listener, signal) {
      const filter: FeedListener = {
        notice: (notice) => {
          if (state.kind === 'sound') listener.notice(notice);
        },
        down: (error) => listener.down(error),
        up: () => listener.up(),
      };
      await guarded(feed.name, signal, feedClosing.signal, () => feed.subscribe(filter, signal));
      listeners.add(filter);
      const end = (): void => {
        listeners.delete(filter);
      };
      signal.addEventListener('abort', end, { once: true });
      feedClosing.signal.addEventListener('abort', end, { once: true });
    },
    close: () => {
      feedClosing.abort();
      return feed.close();
    },
  };

  const guardedPublisher: FlagPublisher = {
    name: publisher.name,
    guarantee: publisher.guarantee,
    publish: (text, expected, signal) =>
      guarded(publisher.name, signal, publisherClosing.signal, () => publisher.publish(text, expected, signal)),
    restore: (text, signal) =>
      guarded(publisher.name, signal, publisherClosing.signal, () => publisher.restore(text, signal)),
    close: () => {
      publisherClosing.abort();
      return publisher.close();
    },
  };

  return {
    source: guardedSource,
    feed: guardedFeed,
    publisher: guardedPublisher,
    fail: (reason) => {
      state = { kind: 'failing', reason };
      for (const listener of listeners) isolated(() => listener.down(errorOf(feed.name, reason)));
    },
    hang: () => {
      state = { kind: 'hanging' };
    },
    mend: () => {
      if (state.kind === 'sound') return;
      state = { kind: 'sound' };
      for (const listener of listeners) isolated(() => listener.up());
    },
  };
}

function isolated(call: () => void): void {
  try {
    call();
  } catch {
    // A listener that throws must not stop the others (F45).
  }
}
