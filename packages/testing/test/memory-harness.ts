/**
 * Harnesses over the in-memory store, with a hook to break it: one for the contract tests and for the proof that they
 * can fail.
 */
import {
  type FlagFeed,
  type FlagHistory,
  type FlagPublisher,
  type FlagSource,
  type SnapshotCache,
  StoreError,
} from '@clarity/flags-core/ports';
import type {
  CacheHarness,
  FeedHarness,
  FaultName,
  Fault,
  HistoryHarness,
  PublisherHarness,
  SourceHarness,
} from '../src/checks.ts';
import { sampleDocument } from '../src/contract/sample-document.ts';
import { faultyStore, type FaultyStore } from '../src/faulty-store.ts';
import { memoryCache, type MemoryCache } from '../src/memory-cache.ts';
import { memoryStore } from '../src/memory-store.ts';

const GONE = 'a memory store is never emptied';
const CORRUPT = 'a memory store only takes documents that it decoded';

/** Put in front of the port under test; the rest of the harness keeps using the sound store. */
export interface Breakage {
  readonly source?: (sound: FlagSource, store: FaultyStore) => FlagSource;
  readonly feed?: (sound: FlagFeed, store: FaultyStore) => FlagFeed;
  readonly publisher?: (sound: FlagPublisher, store: FaultyStore) => FlagPublisher;
  readonly cache?: (sound: MemoryCache) => SnapshotCache;
  readonly history?: (sound: FlagHistory) => FlagHistory;
}

const same = <T>(port: T): T => port;
const NEVER = new AbortController().signal;

function faultsOf(store: FaultyStore): Partial<Record<FaultName, Fault>> {
  const mend = async (): Promise<void> => store.mend();
  return {
    down: async () => {
      store.fail('unavailable');
      return mend;
    },
    unauthorized: async () => {
      store.fail('unauthorized');
      return mend;
    },
    hang: async () => {
      store.hang();
      return mend;
    },
  };
}

const dispose = async (): Promise<void> => undefined;

export function sourceHarness(breakage: Breakage = {}): SourceHarness {
  return {
    impossible: { gone: GONE, corrupt: CORRUPT },
    open: async () => {
      const { publisher, ...sound } = memoryStore();
      const store = faultyStore({ ...sound, publisher });
      return {
        source: (breakage.source ?? same)(store.source, store),
        secrets: ['hunter2'],
        faults: faultsOf(store),
        tellsAncestors: true,
        seed: async (text) => {
          const held = await sound.source.read(undefined, NEVER).catch(() => undefined);
          await publisher.publish(text, held?.revision ?? 'absent', NEVER);
        },
        dispose,
      };
    },
  };
}

export function feedHarness(breakage: Breakage = {}): FeedHarness {
  return {
    impossible: { gone: GONE, corrupt: CORRUPT },
    open: async () => {
      const sound = memoryStore();
      const store = faultyStore(sound);
      let n = 0;
      return {
        feed: (breakage.feed ?? same)(store.feed, store),
        secrets: ['hunter2'],
        faults: faultsOf(store),
        change: async () => {
          n += 1;
          await sound.publisher.restore(sampleDocument(n), NEVER);
        },
        dispose,
      };
    },
  };
}

export function publisherHarness(breakage: Breakage = {}): PublisherHarness {
  return {
    impossible: { gone: GONE, corrupt: CORRUPT },
    open: async () => {
      const sound = memoryStore();
      const store = faultyStore(sound);
      const make = (): FlagPublisher => {
        // Each closes for itself, over the one store.
        const { publisher } = faultyStore({ ...sound, publisher: apart(store.publisher) });
        return (breakage.publisher ?? same)(publisher, store);
      };
      return {
        publisher: make(),
        another: async () => make(),
        secrets: ['hunter2'],
        faults: faultsOf(store),
        stored: async () => {
          const held = await sound.source.read(undefined, NEVER).catch(() => undefined);
          return held?.kind === 'document' ? { text: held.text, revision: held.revision } : undefined;
        },
        snapshot: async () => {
          const putBack = sound.snapshot();
          return async () => putBack();
        },
        dispose,
      };
    },
  };
}

/** The same publisher, refusing after a close of its own. */
function apart(publisher: FlagPublisher): FlagPublisher {
  const own = memoryStore({ name: publisher.name }).publisher;
  let closed = false;
  return {
    ...publisher,
    publish: (text, expected, signal, note) => (closed ? own : publisher).publish(text, expected, signal, note),
    restore: (text, signal, note) => (closed ? own : publisher).restore(text, signal, note),
    close: () => {
      closed = true;
      return own.close();
    },
  };
}

export function historyHarness(breakage: Breakage = {}): HistoryHarness {
  return {
    impossible: { gone: GONE, corrupt: CORRUPT, hang: 'as any call: publishers and sources are checked for it' },
    open: async () => {
      const sound = memoryStore();
      const store = faultyStore(sound);
      const down = { is: false };
      const reader: FlagHistory = {
        ...sound.history,
        entries: (query, signal) =>
          down.is
            ? Promise.reject(new StoreError('unavailable', `${sound.history.name} is made to fail; mend it to go on`))
            : sound.history.entries(query, signal),
      };
      const make = (): FlagPublisher =>
        (breakage.publisher ?? same)(faultyStore({ ...sound, publisher: apart(store.publisher) }).publisher, store);
      return {
        history: (breakage.history ?? same)(reader),
        publisher: make(),
        another: async () => make(),
        secrets: ['hunter2'],
        faults: {
          down: async () => {
            down.is = true;
            return async () => {
              down.is = false;
            };
          },
        },
        stored: async () => {
          const held = await sound.source.read(undefined, NEVER).catch(() => undefined);
          return held?.kind === 'document' ? { text: held.text, revision: held.revision } : undefined;
        },
        dispose,
      };
    },
  };
}

export function cacheHarness(breakage: Breakage = {}): CacheHarness {
  const nothing = 'a memory cache has nothing outside of the process that could fail';
  return {
    impossible: { down: nothing, unauthorized: nothing, hang: nothing, corrupt: nothing, gone: nothing },
    open: async () => {
      const sound = memoryCache();
      const make = (): SnapshotCache => (breakage.cache ?? same)(sound);
      const cache = make();
      return { cache, reopen: async () => cache, secrets: ['hunter2'], faults: {}, dispose };
    },
  };
}
