/** A store in memory: the smallest one that keeps every contract, and the one to copy when writing an adapter. */
import {
  assertPublishable,
  CallScope,
  compareRevisions,
  type CountedRevision,
  type FeedListener,
  type FlagFeed,
  type FlagPublisher,
  type FlagSource,
  formatRevision,
  type Revision,
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

/** Source, feed and publisher over one variable. Revisions are counted. A document without flags may be published. */
export function memoryStore(options: MemoryStoreOptions = {}): MemoryStore {
  const { name = 'memory', now = Date.now } = options;
  let stored: Stored | undefined;
  const subscriptions = new Set<FeedListener>();

  /** One step: nothing may come between the comparison before it, the write, and the announcement. */
  function write(text: string, epoch: number): CountedRevision {
    const revision = { epoch, version: (stored?.revision.version ?? 0) + 1 };
    stored = { text, revision, publishedAtMs: now() };
    for (const listener of subscriptions) isolated(() => listener.notice({ kind: 'changed', revision }));
    return revision;
  }

  if (options.text !== undefined) write(options.text, now());
  return { source: memorySource(), feed: memoryFeed(), publisher: memoryPublisher() };

  // 1. The source reads. `unchanged` spares its caller the document.
  function memorySource(): FlagSource {
    const scope = new CallScope(`the source ${name}`);
    return {
      name,
      read: (known, signal) =>
        scope.run(`read ${name}`, signal, async () => {
          if (stored === undefined)
            throw new StoreError('not-found', `the store ${name} is empty; publish a document to it`);
          const { text, revision, publishedAtMs } = stored;
          const same = known !== undefined && compareRevisions(revision, known) === 'same';
          if (same) return { kind: 'unchanged', revision, publishedAtMs };
          return { kind: 'document', text, complete: true, revision, publishedAtMs };
        }),
      close: async () => scope.close(),
    };
  }

  // 2. The feed announces. From the moment at which `subscribe` has resolved, no change goes unheard.
  function memoryFeed(): FlagFeed {
    const scope = new CallScope(`the feed ${name}`);
    const own = new Set<FeedListener>();
    return {
      name,
      subscribe: (listener, signal) =>
        scope.run(`subscribe to ${name}`, signal, async () => {
          // An object of its own for each subscription: one listener may subscribe twice.
          const subscription: FeedListener = {
            notice: (notice) => listener.notice(notice),
            down: (error) => listener.down(error),
            up: () => listener.up(),
          };
          subscriptions.add(subscription);
          own.add(subscription);
          const end = (): void => {
            subscriptions.delete(subscription);
            own.delete(subscription);
          };
          signal.addEventListener('abort', end, { once: true });
        }),
      close: async () => {
        scope.close();
        for (const subscription of own) subscriptions.delete(subscription);
      },
    };
  }

  // 3. The publisher compares and writes in one step.
  function memoryPublisher(): FlagPublisher {
    const scope = new CallScope(`the publisher ${name}`);
    return {
      name,
      guarantee: 'compare-and-set',
      publish: (text, expected, signal) =>
        scope.run(`publish to ${name}`, signal, async () => {
          assertPublishable(text, name, expected, { allowEmpty: true });
          refuseConflict(expected);
          return write(text, stored?.revision.epoch ?? now());
        }),
      restore: (text, signal) =>
        scope.run(`restore ${name}`, signal, async () => {
          assertPublishable(text, name, 'any', { allowEmpty: true });
          // The epoch rises even when two restores share a millisecond.
          return write(text, Math.max(now(), (stored?.revision.epoch ?? 0) + 1));
        }),
      close: async () => scope.close(),
    };
  }

  function refuseConflict(expected: Revision | 'absent'): void {
    const wanted = expected === 'absent' ? 'nothing' : formatRevision(expected);
    const held = stored === undefined ? 'nothing' : formatRevision(stored.revision);
    const matches =
      stored !== undefined && expected !== 'absent'
        ? compareRevisions(stored.revision, expected) === 'same'
        : wanted === held;
    if (!matches)
      throw new StoreError('conflict', `${name} was expected to hold ${wanted} and holds ${held}; read it again`);
  }
}

/** A listener that throws must not stop the others (F45); its owner counts it. */
function isolated(call: () => void): void {
  try {
    call();
  } catch {
    // See above.
  }
}
