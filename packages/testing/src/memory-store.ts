/** A store in memory: the smallest one that keeps every contract, and the one to copy when writing an adapter. */
import {
  assertPublishable,
  CallScope,
  EpochFloor,
  isLost,
  LOST_WRITES_REMEDY,
  nextEpoch,
  notedPart,
  publishWarnings,
} from '@clarity/flags-core/adapter-kit';
import {
  compareRevisions,
  type CountedRevision,
  type FeedListener,
  type FlagFeed,
  type FlagPublisher,
  type FlagSource,
  formatRevision,
  type PublicationNote,
  type PublishedRevision,
  type Revision,
  StoreError,
  type StoreRoles,
} from '@clarity/flags-core/ports';
import { MemoryHistory } from './memory-history.ts';

export interface MemoryStore extends Pick<StoreRoles, 'source' | 'feed' | 'publisher' | 'history'> {
  /**
   * Remembers what the store holds, as a snapshot or a backup does. The function that comes back puts it back, as a
   * crash or an operator does: what was published since is lost, and nothing is announced (F90).
   */
  snapshot(): () => void;
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
  /** What it stands on, newest first. */
  readonly ancestors: readonly CountedRevision[];
}

/** As many as are worth telling; readers that were away for longer learn nothing of what was lost. */
const MOST_ANCESTORS = 32;
/** What the first publication stands on. */
const NOTHING: CountedRevision = { epoch: 0, version: 0 };

/**
 * Source, feed, publisher and history over one variable. Revisions are counted. A document without flags may be
 * published.
 */
export function memoryStore(options: MemoryStoreOptions = {}): MemoryStore {
  const { name = 'memory', now = Date.now } = options;
  let stored: Stored | undefined;
  const subscriptions = new Set<FeedListener>();
  const history = new MemoryHistory();

  /** One step: nothing may come between the comparison before it, the write, and the announcement. */
  function write(text: string, epoch: number, version: number): CountedRevision {
    const revision = { epoch, version };
    const ancestors = [stored?.revision ?? NOTHING, ...(stored?.ancestors ?? [])].slice(0, MOST_ANCESTORS);
    stored = { text, revision, publishedAtMs: now(), ancestors };
    for (const listener of subscriptions) isolated(() => listener.notice({ kind: 'changed', revision }));
    return revision;
  }

  if (options.text !== undefined) write(options.text, now(), 1);
  return {
    source: memorySource(),
    feed: memoryFeed(),
    publisher: memoryPublisher(),
    history: history.reader(name),
    snapshot: () => {
      const remembered = stored;
      return () => {
        stored = remembered;
      };
    },
  };

  // 1. The source reads. `unchanged` spares its caller the document.
  function memorySource(): FlagSource {
    const scope = new CallScope(`the source ${name}`);
    return {
      name,
      read: (known, signal) =>
        scope.run(`read ${name}`, signal, async () => {
          if (stored === undefined)
            throw new StoreError('not-found', `the store ${name} is empty; publish a document to it`);
          const { text, revision, publishedAtMs, ancestors } = stored;
          const same = known !== undefined && compareRevisions(revision, known) === 'same';
          if (same) return { kind: 'unchanged', revision, publishedAtMs };
          return { kind: 'document', text, complete: true, revision, publishedAtMs, ancestors };
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

  // 3. The publisher compares and writes in one step. The epoch rises with each publication; its version begins anew
  // with a restore.
  function memoryPublisher(): FlagPublisher {
    const scope = new CallScope(`the publisher ${name}`);
    const floor = new EpochFloor();

    function publish(
      text: string,
      expected: Revision | 'absent' | 'any',
      note: PublicationNote | undefined,
    ): PublishedRevision {
      assertPublishable(text, name, expected, { allowEmpty: true });
      const noted = notedPart(note);
      const wallMs = now();
      floor.told(expected, wallMs);
      if (expected !== 'any') refuseConflict(expected);
      const held = stored?.revision;
      const question = { storeMs: wallMs, wallMs, heldEpoch: held?.epoch, floorEpoch: floor.epoch };
      const warnings = publishWarnings({ place: name, held, floorEpoch: floor.epoch, storeMs: wallMs, wallMs });
      const version = expected === 'any' ? 1 : (held?.version ?? 0) + 1;
      const revision = write(text, nextEpoch(question).epoch, version);
      floor.told(revision, wallMs);
      const kind = expected === 'any' ? 'restore' : 'publish';
      const entry = { atMs: wallMs, kind, ...noted, before: held ?? null, after: revision } as const;
      history.record(entry, revision, text);
      return { ...revision, ...(warnings.length > 0 && { warnings }) };
    }

    return {
      name,
      guarantee: 'compare-and-set',
      publish: (text, expected, signal, note) =>
        scope.run(`publish to ${name}`, signal, async () => publish(text, expected, note)),
      restore: (text, signal, note) => scope.run(`restore ${name}`, signal, async () => publish(text, 'any', note)),
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
    if (matches) return;
    const remedy = isLost(expected, stored?.revision, now()) ? `, ${LOST_WRITES_REMEDY}` : '; read it again';
    throw new StoreError('conflict', `${name} was expected to hold ${wanted} and holds ${held}${remedy}`);
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
