/** A store in memory: the smallest one that keeps every contract, and the one to copy when writing an adapter. */
import {
  compareRevisions,
  type CountedRevision,
  decodeDocument,
  type FeedListener,
  type FlagFeed,
  type FlagPublisher,
  type FlagSource,
  formatRevision,
  StoreError,
} from '@clarity/flags-core/ports';

export interface MemoryStore {
  readonly source: FlagSource;
  readonly feed: FlagFeed;
  readonly publisher: FlagPublisher;
}

export interface MemoryStoreOptions {
  /** The document that is there from the beginning. Without it the store is empty. */
  readonly text?: string;
  /** Unix milliseconds of now; epochs and publication times are read from it. Default `Date.now`. */
  readonly now?: () => number;
  /** Short name for people. Default `memory`. */
  readonly name?: string;
}

interface Stored {
  readonly text: string;
  readonly revision: CountedRevision;
  readonly publishedAtMs: number;
}

/** Source, feed and publisher over one variable. Revisions are counted. */
export function memoryStore(options: MemoryStoreOptions = {}): MemoryStore {
  const { name = 'memory', now = Date.now, text: firstText } = options;
  let stored: Stored | undefined;

  // 1. The source reads. `unchanged` spares the caller the document.
  const source: FlagSource = {
    name,
    ...closable((closing) => ({
      async read(known, signal) {
        refuseStopped(`read ${name}`, signal, closing);
        if (stored === undefined) {
          throw new StoreError('not-found', `the store ${name} is empty; publish a document to it`);
        }
        const { text, revision, publishedAtMs } = stored;
        const same = known !== undefined && compareRevisions(revision, known) === 'same';
        return same
          ? { kind: 'unchanged', revision, publishedAtMs }
          : { kind: 'document', text, revision, publishedAtMs };
      },
    })),
  };

  // 2. The feed announces. Once `subscribe` has resolved, no change may go unheard.
  const listeners = new Set<FeedListener>();
  const feed: FlagFeed = {
    name,
    ...closable((closing) => ({
      async subscribe(listener, signal) {
        refuseStopped(`subscribe to ${name}`, signal, closing);
        // An object of its own: one listener may subscribe twice.
        const subscription = { ...bound(listener) };
        listeners.add(subscription);
        const end = (): void => {
          listeners.delete(subscription);
        };
        signal.addEventListener('abort', end, { once: true });
        closing.addEventListener('abort', end, { once: true });
      },
    })),
  };

  // 3. The publisher compares and writes in one step, then announces.
  const publisher: FlagPublisher = {
    name,
    guarantee: 'compare-and-set',
    ...closable((closing) => ({
      async publish(text, expected, signal) {
        refuseStopped(`publish to ${name}`, signal, closing);
        refuseInvalid(text);
        const matches =
          stored === undefined || expected === 'absent'
            ? stored === undefined && expected === 'absent'
            : compareRevisions(stored.revision, expected) === 'same';
        if (!matches) {
          const held = stored === undefined ? 'nothing' : formatRevision(stored.revision);
          const wanted = expected === 'absent' ? 'nothing' : formatRevision(expected);
          throw new StoreError(
            'conflict',
            `the store ${name} was expected to hold ${wanted} and holds ${held}; read it again`,
          );
        }
        return write(text, stored?.revision.epoch ?? now());
      },
      async restore(text, signal) {
        refuseStopped(`restore ${name}`, signal, closing);
        refuseInvalid(text);
        // The epoch rises even when two restores share a millisecond.
        return write(text, Math.max(now(), (stored?.revision.epoch ?? 0) + 1));
      },
    })),
  };

  function write(text: string, epoch: number): CountedRevision {
    const revision = { epoch, version: (stored?.revision.version ?? 0) + 1 };
    stored = { text, revision, publishedAtMs: now() };
    for (const listener of listeners) listener.notice({ kind: 'changed', revision });
    return revision;
  }

  if (firstText !== undefined) write(firstText, now());
  return { source, feed, publisher };
}

/** Adds a `close` that can be called twice and that ends what is under way. */
function closable<Role>(role: (closing: AbortSignal) => Role): Role & { close(): Promise<void> } {
  const closing = new AbortController();
  return { ...role(closing.signal), close: async () => closing.abort() };
}

/** Rejections are always a `StoreError`: also for a caller who stopped the call, or who uses a port after closing it. */
function refuseStopped(attempt: string, signal: AbortSignal, closing: AbortSignal): void {
  if (closing.aborted) throw new StoreError('unavailable', `cannot ${attempt}: it is closed`, { retryable: false });
  if (signal.aborted) throw new StoreError('timeout', `stopped by the caller before it could ${attempt}`);
}

/** A listener that throws must not stop the others (F45). */
function bound(listener: FeedListener): FeedListener {
  const isolated =
    <Arguments extends readonly unknown[]>(call: (...args: Arguments) => void) =>
    (...args: Arguments): void => {
      try {
        call(...args);
      } catch {
        // Its owner counts it.
      }
    };
  return {
    notice: isolated((notice) => listener.notice(notice)),
    down: isolated((error) => listener.down(error)),
    up: isolated(() => listener.up()),
  };
}

/** Nothing but a flag document may get in; the decoder's first problem says where it is wrong. */
function refuseInvalid(text: string): void {
  const decoded = decodeDocument(text, { allowEmpty: true });
  if (!decoded.ok) throw new StoreError('invalid', `this is no flag document: ${decoded.problems[0]?.message}`);
}
