import { CallScope } from '@clarity/flags-core/adapter-kit';
import {
  type FeedListener,
  type FlagFeed,
  type FlagPublisher,
  type FlagSource,
  StoreError,
  type StoreErrorReason,
  type StoreRoles,
} from '@clarity/flags-core/ports';

type ThreeRoles = Pick<StoreRoles, 'source' | 'feed' | 'publisher'>;

/** A store that fails on command. Its ports keep their contracts while it does. */
export interface FaultyStore extends ThreeRoles {
  /** From now on every call is refused for this reason, and subscriptions are lost. */
  fail(reason: StoreErrorReason): void;
  /**
   * From now on no call is answered until its signal aborts or its port is closed, and notices are lost without a word.
   */
  hang(): void;
  /** Ends the fault: calls are answered again, and subscriptions that outlived it are up. */
  mend(): void;
}

type State =
  | { readonly kind: 'sound' }
  | { readonly kind: 'failing'; readonly reason: StoreErrorReason }
  | { readonly kind: 'hanging' };

/** Puts faults in front of a store: of a memory store, or of a real one. */
export function faultyStore(store: ThreeRoles): FaultyStore {
  let state: State = { kind: 'sound' };
  const listeners = new Set<FeedListener>();

  /** What a call meets at this moment. */
  function answer<T>(name: string, call: () => Promise<T>): Promise<T> {
    switch (state.kind) {
      case 'sound':
        return call();
      case 'failing':
        return Promise.reject(errorOf(name, state.reason));
      case 'hanging':
        // The scope around it ends the call.
        return new Promise(() => undefined);
    }
  }

  return {
    source: faultySource(store.source),
    feed: faultyFeed(store.feed),
    publisher: faultyPublisher(store.publisher),
    fail: (reason) => {
      state = { kind: 'failing', reason };
      for (const listener of listeners) isolated(() => listener.down(errorOf(store.feed.name, reason)));
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

  function faultySource(source: FlagSource): FlagSource {
    const { name } = source;
    const scope = new CallScope(`the source ${name}`);
    return {
      name,
      read: (known, signal, announced) =>
        scope.run(`read ${name}`, signal, (ending) => answer(name, () => source.read(known, ending, announced))),
      close: () => {
        scope.close();
        return source.close();
      },
    };
  }

  function faultyFeed(feed: FlagFeed): FlagFeed {
    const { name } = feed;
    const scope = new CallScope(`the feed ${name}`);
    const own = new Set<FeedListener>();
    return {
      name,
      subscribe: (listener, signal) =>
        scope.run(`subscribe to ${name}`, signal, async () => {
          const filter: FeedListener = {
            notice: (notice) => {
              if (state.kind === 'sound') listener.notice(notice);
            },
            down: (error) => listener.down(error),
            up: () => listener.up(),
          };
          await answer(name, () => feed.subscribe(filter, signal));
          if (signal.aborted) return;
          listeners.add(filter);
          own.add(filter);
          signal.addEventListener('abort', () => listeners.delete(filter) && own.delete(filter), { once: true });
        }),
      close: () => {
        scope.close();
        for (const filter of own) listeners.delete(filter);
        return feed.close();
      },
    };
  }

  function faultyPublisher(publisher: FlagPublisher): FlagPublisher {
    const { name, guarantee } = publisher;
    const scope = new CallScope(`the publisher ${name}`);
    return {
      name,
      guarantee,
      publish: (text, expected, signal, note) =>
        scope.run(`publish to ${name}`, signal, (ending) =>
          answer(name, () => publisher.publish(text, expected, ending, note)),
        ),
      restore: (text, signal, note) =>
        scope.run(`restore ${name}`, signal, (ending) => answer(name, () => publisher.restore(text, ending, note))),
      close: () => {
        scope.close();
        return publisher.close();
      },
    };
  }
}

function errorOf(name: string, reason: StoreErrorReason): StoreError {
  return new StoreError(reason, `${name} is made to fail as ${reason}; mend it to go on`);
}

function isolated(call: () => void): void {
  try {
    call();
  } catch {
    // A listener that throws must not stop the others (F45).
  }
}
