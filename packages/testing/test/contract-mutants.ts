/** Stores that break one promise each. Every check of every suite must catch at least one of them. */
import {
  type FeedListener,
  type FlagFeed,
  type FlagPublisher,
  type FlagSource,
  isCounted,
  type MetricsSink,
  type ReadResult,
  type Revision,
  type SnapshotCache,
  StoreError,
} from '@clarity/flags-core/ports';
import type { MemoryCache } from '../src/memory-cache.ts';
import { recordingSink, type RecordingSink } from '../src/recording-sink.ts';

const NEVER = new AbortController().signal;
/** Timers that a leaking mutant leaves behind; the test clears them. */
export const leaks: ReturnType<typeof setInterval>[] = [];
const leak = (): void => {
  leaks.push(setInterval(() => undefined, 60_000));
};

/** Lets a rejection through with another error in its place. */
async function failingAs<T>(call: Promise<T>, change: (error: StoreError) => unknown): Promise<T> {
  try {
    return await call;
  } catch (error) {
    throw change(error as StoreError);
  }
}

type SourceMutant = (sound: FlagSource) => Partial<FlagSource>;

const answering =
  (change: (result: ReadResult, known: Revision | undefined) => ReadResult): SourceMutant =>
  (sound) => ({ read: async (known, signal) => change(await sound.read(known, signal), known) });

const failing =
  (change: (error: StoreError) => unknown): SourceMutant =>
  (sound) => ({ read: (known, signal) => failingAs(sound.read(known, signal), change) });

export const sourceMutants: Readonly<Record<string, SourceMutant>> = {
  'shows a secret in its name': () => ({ name: 'redis://:hunter2@host' }),
  'has no name': () => ({ name: '' }),
  'shows a secret in a message': failing((error) => new StoreError(error.reason, `${error.message} hunter2`)),
  'rejects with an Error of its own': failing(() => new Error('ECONNREFUSED')),
  'invents a reason': failing((error) => Object.assign(error, { reason: 'exploded' })),
  'calls everything not-found': failing((error) => new StoreError('not-found', error.message)),
  'calls everything unavailable': failing((error) => new StoreError('unavailable', error.message)),
  'calls everything final': failing((error) => new StoreError(error.reason, error.message, { retryable: false })),
  'calls everything retryable': failing((error) => new StoreError(error.reason, error.message, { retryable: true })),
  'trims the text': answering((result) =>
    result.kind === 'document' ? { ...result, text: result.text.replace(/\s+/g, '') } : result,
  ),
  'cuts the text': answering((result) =>
    result.kind === 'document' ? { ...result, text: result.text.slice(0, 65_536) } : result,
  ),
  'never says unchanged': (sound) => ({ read: (_known, signal) => sound.read(undefined, signal) }),
  'says unchanged to a caller who knows anything': answering((result, known) =>
    known === undefined ? result : { kind: 'unchanged', revision: known },
  ),
  'says unchanged after the first document': (sound) => {
    let first: Revision | undefined;
    return {
      read: async (known, signal) => {
        const result = await sound.read(known, signal);
        if (first !== undefined) return { kind: 'unchanged', revision: first };
        first = result.revision;
        return result;
      },
    };
  },
  'serves the first document for ever': (sound) => {
    let first: ReadResult | undefined;
    return {
      read: async (_known, signal) => {
        first ??= await sound.read(undefined, signal);
        return first;
      },
    };
  },
  'makes a new revision for each read': (sound) => {
    let n = 0;
    return {
      read: async (_known, signal) => {
        n += 1;
        const result = await sound.read(undefined, signal);
        return { ...result, revision: { epoch: 1, version: n } };
      },
    };
  },
  'gives versions that are no numbers': answering((result) => ({
    ...result,
    revision: { epoch: 1, version: Number.NaN },
  })),
  'forgets what a document stands on': answering((result) =>
    result.kind === 'document' ? { ...result, ancestors: [] } : result,
  ),
  'gives times in seconds': answering((result) => ({ ...result, publishedAtMs: 1_763_812_800 })),
  'reads one at a time': (sound) => {
    let reading = false;
    return {
      read: async (known, signal) => {
        if (reading) throw new StoreError('throttled', 'one at a time');
        reading = true;
        try {
          return await sound.read(known, signal);
        } finally {
          reading = false;
        }
      },
    };
  },
  'ignores the signal': (sound) => ({ read: (known) => sound.read(known, NEVER) }),
  'is broken by an abort': (sound) => {
    let aborted = false;
    return {
      read: async (known, signal) => {
        aborted ||= signal.aborted;
        signal.addEventListener('abort', () => {
          aborted = true;
        });
        if (aborted) throw new StoreError('unavailable', 'broken');
        return sound.read(known, signal);
      },
    };
  },
  'is broken by a failure': (sound) => {
    let broken: unknown;
    return {
      read: async (known, signal) => {
        if (broken !== undefined) throw broken;
        try {
          return await sound.read(known, signal);
        } catch (error) {
          broken = error;
          throw error;
        }
      },
    };
  },
  'does not close': () => ({ close: async () => undefined }),
  'closes only once': (sound) => {
    let closed = false;
    return {
      close: async () => {
        if (closed) throw new StoreError('unavailable', 'closed already');
        closed = true;
        await sound.close();
      },
    };
  },
  'leaves a timer': (sound) => ({
    read: (known, signal) => {
      leak();
      return sound.read(known, signal);
    },
  }),
};

type FeedMutant = (sound: FlagFeed) => Partial<FlagFeed>;

const hearing =
  (change: (listener: FeedListener) => Partial<FeedListener>): FeedMutant =>
  (sound) => ({
    subscribe: (listener, signal) => {
      const plain: FeedListener = {
        notice: (notice) => listener.notice(notice),
        down: (error) => listener.down(error),
        up: () => listener.up(),
      };
      return sound.subscribe({ ...plain, ...change(listener) }, signal);
    },
  });

export const feedMutants: Readonly<Record<string, FeedMutant>> = {
  'shows a secret in its name': () => ({ name: 'hunter2' }),
  'announces nothing': hearing(() => ({ notice: () => undefined })),
  'announces only the first change': hearing((listener) => {
    let heard = false;
    return {
      notice: (notice) => {
        if (!heard) listener.notice(notice);
        heard = true;
      },
    };
  }),
  'acknowledges before it listens': (sound) => ({
    subscribe: async (listener, signal) => {
      setTimeout(() => void sound.subscribe(listener, signal).catch(() => undefined), 30);
    },
  }),
  'keeps one subscription': (sound) => {
    let stop = new AbortController();
    return {
      subscribe: (listener, signal) => {
        stop.abort();
        stop = new AbortController();
        signal.addEventListener('abort', () => stop.abort());
        return sound.subscribe(listener, stop.signal);
      },
    };
  },
  'cannot subscribe twice': (sound) => {
    let subscribed = false;
    return {
      subscribe: async (listener, signal) => {
        if (subscribed) throw new StoreError('unavailable', 'subscribed already');
        subscribed = true;
        await sound.subscribe(listener, signal);
      },
    };
  },
  'goes on after the abort': (sound) => ({ subscribe: (listener) => sound.subscribe(listener, NEVER) }),
  'sends the document': hearing((listener) => ({
    notice: (notice) => {
      const withText = { ...notice, text: '{}' };
      listener.notice(withText);
    },
  })),
  'calls every notice foreign': hearing((listener) => ({ notice: () => listener.notice({ kind: 'foreign' }) })),
  'is stopped by a listener that throws': (sound) => {
    let broken = false;
    return {
      subscribe: (listener, signal) =>
        sound.subscribe(
          {
            notice: (notice) => {
              if (broken) return;
              try {
                listener.notice(notice);
              } catch {
                broken = true;
              }
            },
            down: (error) => listener.down(error),
            up: () => listener.up(),
          },
          signal,
        ),
    };
  },
  'never says down': hearing(() => ({ down: () => undefined })),
  'never says up': hearing(() => ({ up: () => undefined })),
  'says down with an Error of its own': hearing((listener) => ({
    down: () => listener.down(new Error('lost') as StoreError),
  })),
  'shows a secret when it is down': hearing((listener) => ({
    down: () => listener.down(new StoreError('unavailable', 'hunter2')),
  })),
  'rejects with an Error of its own': (sound) => ({
    subscribe: (listener, signal) => failingAs(sound.subscribe(listener, signal), () => new Error('no')),
  }),
  'subscribes although it has no rights': (sound) => ({
    subscribe: (listener, signal) => sound.subscribe(listener, signal).catch(() => undefined),
  }),
  'does not close': () => ({ close: async () => undefined }),
  'leaves a timer': (sound) => ({
    subscribe: (listener, signal) => {
      leak();
      return sound.subscribe(listener, signal);
    },
  }),
};

type PublisherMutant = (sound: FlagPublisher) => Partial<FlagPublisher>;

const refusing =
  (change: (error: StoreError) => unknown): PublisherMutant =>
  (sound) => ({
    publish: (text, expected, signal) => failingAs(sound.publish(text, expected, signal), change),
    restore: (text, signal) => failingAs(sound.restore(text, signal), change),
  });

export const publisherMutants: Readonly<Record<string, PublisherMutant>> = {
  'shows a secret in its name': () => ({ name: 'hunter2' }),
  'promises what there is not': () => ({ guarantee: 'last-wins' as 'detect' }),
  'trims the text': (sound) => ({
    publish: (text, expected, signal) => sound.publish(trimmed(text), expected, signal),
    restore: (text, signal) => sound.restore(trimmed(text), signal),
  }),
  'does not compare': (sound) => ({ publish: (text, _expected, signal) => sound.restore(text, signal) }),
  'does not compare with absent': (sound) => ({
    publish: (text, expected, signal) =>
      expected === 'absent' ? sound.restore(text, signal) : sound.publish(text, expected, signal),
  }),
  'takes anything for an empty store': (sound) => ({
    publish: (text, expected, signal) =>
      sound.publish(text, expected, signal).catch(() => sound.publish(text, 'absent', signal)),
  }),
  'calls a conflict unavailable': refusing((error) =>
    error.reason === 'conflict' ? new StoreError('unavailable', 'busy') : error,
  ),
  'calls a conflict retryable': refusing((error) => new StoreError(error.reason, error.message, { retryable: true })),
  'calls everything a conflict': refusing((error) => new StoreError('conflict', error.message)),
  'shows a secret': refusing((error) => new StoreError(error.reason, `${error.message} hunter2`)),
  'gives a revision that is not in the store': (sound) => ({
    publish: async (text, expected, signal) => beyond(await sound.publish(text, expected, signal)),
    restore: async (text, signal) => beyond(await sound.restore(text, signal)),
  }),
  'counts on under the first epoch': (sound) => {
    let epoch: number | undefined;
    const under = (revision: Revision): Revision => {
      if (!isCounted(revision)) return revision;
      epoch ??= revision.epoch;
      return { ...revision, epoch };
    };
    return {
      publish: async (text, expected, signal) => under(await sound.publish(text, expected, signal)),
      restore: async (text, signal) => under(await sound.restore(text, signal)),
    };
  },
  'restores only into an empty store': (sound) => ({
    restore: (text, signal) => sound.publish(text, 'absent', signal),
  }),
  'restores only over a document': (sound) => ({
    restore: async (text, signal) => {
      await sound.publish(text, { epoch: 1, version: 1 }, signal).catch((error: unknown) => {
        if (error instanceof StoreError && error.message.includes('holds nothing')) throw error;
      });
      return sound.restore(text, signal);
    },
  }),
  'takes anything for a document': (sound) => ({
    publish: (text, expected, signal) =>
      sound.publish(parses(text) ? text : '{"schemaVersion":1,"flags":{}}', expected, signal),
    restore: (text, signal) => sound.restore(parses(text) ? text : '{"schemaVersion":1,"flags":{}}', signal),
  }),
  'ignores the signal': (sound) => ({
    publish: (text, expected) => sound.publish(text, expected, NEVER),
    restore: (text) => sound.restore(text, NEVER),
  }),
  'half-writes on an abort': (sound) => ({
    publish: async (text, expected, signal) => {
      const revision = await sound.publish(text, expected, signal);
      await new Promise<void>((resolve) => {
        setTimeout(resolve, 2);
      });
      if (!signal.aborted) return revision;
      await sound.restore('{"schemaVersion":1,"flags":{"half":{"status":"enabled"}}}', NEVER);
      throw new StoreError('timeout', 'stopped');
    },
  }),
  'is broken by a failure': (sound) => {
    let broken = false;
    return {
      publish: async (text, expected, signal) => {
        if (broken) throw new StoreError('unavailable', 'broken');
        try {
          return await sound.publish(text, expected, signal);
        } catch (error) {
          broken = true;
          throw error;
        }
      },
    };
  },
  'does not close': () => ({ close: async () => undefined }),
  'refuses after close, and writes all the same': (sound) => {
    let closed = false;
    const refused = async (text: string): Promise<never> => {
      await sound.restore(text, NEVER);
      throw new StoreError('unavailable', 'it is closed');
    };
    return {
      publish: (text, expected, signal) => (closed ? refused(text) : sound.publish(text, expected, signal)),
      restore: (text, signal) => (closed ? refused(text) : sound.restore(text, signal)),
      close: async () => {
        closed = true;
      },
    };
  },
  'leaves a timer': (sound) => ({
    publish: (text, expected, signal) => {
      leak();
      return sound.publish(text, expected, signal);
    },
  }),
};

const trimmed = (text: string): string => (parses(text) ? JSON.stringify(JSON.parse(text)) : text);

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const beyond = (revision: Revision): Revision =>
  isCounted(revision) ? { epoch: revision.epoch, version: revision.version + 1 } : { hash: `${revision.hash}0` };

type CacheMutant = (sound: MemoryCache) => Partial<SnapshotCache>;

export const cacheMutants: Readonly<Record<string, CacheMutant>> = {
  'shows a secret in its name': () => ({ name: 'hunter2' }),
  'is never empty': (sound) => ({
    load: async (signal) =>
      (await sound.load(signal)) ?? { text: '', revision: { hash: 'a' }, source: 'b', verifiedAtMs: 1 },
  }),
  'saves nothing': () => ({ save: async () => undefined }),
  'drops the hash of a revision': (sound) => ({
    save: ({ revision, ...rest }, signal) =>
      sound.save(
        { ...rest, revision: isCounted(revision) ? { epoch: revision.epoch, version: revision.version } : revision },
        signal,
      ),
  }),
  'keeps the first': (sound) => ({
    save: async (snapshot, signal) => {
      if ((await sound.load(signal)) === undefined) await sound.save(snapshot, signal);
    },
  }),
  'writes over the beginning': (sound) => ({
    save: async (snapshot, signal) => {
      const before = (await sound.load(signal))?.text ?? '';
      await sound.save({ ...snapshot, text: snapshot.text + before.slice(snapshot.text.length) }, signal);
    },
  }),
  'saves in steps': (sound) => ({
    save: async (snapshot, signal) => {
      await sound.save({ ...snapshot, text: 'half' }, signal);
      await new Promise<void>((resolve) => {
        setTimeout(resolve, Math.max(0, 15 - (snapshot.verifiedAtMs % 15)));
      });
      await sound.save(snapshot, signal);
    },
  }),
  'keeps the object that it was given': () => {
    let kept: Awaited<ReturnType<SnapshotCache['load']>>;
    return {
      load: async () => kept,
      save: async (snapshot) => {
        kept = snapshot;
      },
    };
  },
  'ignores the signal': (sound) => ({
    load: () => sound.load(NEVER),
    save: (snapshot) => sound.save(snapshot, NEVER),
  }),
  'leaves a timer': (sound) => ({
    load: (signal) => {
      leak();
      return sound.load(signal);
    },
  }),
  'throws away what is there when a save fails': (sound) => ({
    save: async (snapshot, signal) => {
      await sound.save({ ...snapshot, text: '' }, NEVER);
      await sound.save(snapshot, signal);
    },
  }),
};

type SinkMutant = (sound: RecordingSink) => Partial<MetricsSink>;

export const sinkMutants: Readonly<Record<string, SinkMutant>> = {
  'ignores gauges': () => ({ gauge: () => undefined }),
  'adds gauges up': (sound) => ({
    gauge: (name, value, labels) => sound.gauge(name, value + (sound.value(name, labels) ?? 0), labels),
  }),
  'ignores counters': () => ({ count: () => undefined }),
  'counts one for every value': (sound) => ({ count: (name, labels) => sound.count(name, labels) }),
  'counts down': (sound) => ({
    count: (name, labels, value = 1) => sound.gauge(name as never, (sound.value(name, labels) ?? 0) + value, labels),
  }),
  'forgets labels': (sound) => ({ count: (name, _labels, value) => sound.count(name, {}, value) }),
  'mixes label names up': (sound) => ({
    count: (name, labels = {}, value) => sound.count(name, { x: Object.values(labels).toSorted().join() }, value),
  }),
  'tells labels apart by their order': (sound) => ({
    count: (name, labels = {}, value = 1) => {
      if (Object.keys(labels)[0] !== 'reason') sound.count(name, labels, value);
    },
  }),
  'strips quotes': (sound) => ({
    count: (name, labels = {}, value) => {
      const stripped = Object.fromEntries(
        Object.entries(labels).map(([label, text]) => [label, text.replace(/["\\\n]/g, '')]),
      );
      sound.count(name, stripped, value);
    },
  }),
  'keeps the labels object': () => {
    const kept = new Map<object, number>();
    return {
      count: (_name, labels = {}, value = 1) => void kept.set(labels, (kept.get(labels) ?? 0) + value),
    };
  },
  'caps a histogram': (sound) => ({
    observe: (name, value, labels) => sound.observe(name, Math.min(value, 10), labels),
  }),
  'keeps at most 100 series': (sound) => {
    const seen = new Set<string>();
    return {
      count: (name, labels = {}, value) => {
        const id = JSON.stringify(labels);
        if (seen.size < 100 || seen.has(id)) sound.count(name, labels, value);
        seen.add(id);
      },
    };
  },
  'counts for the neighbour too': (sound) => ({
    count: (name, labels, value) => {
      sound.count(name, labels, value);
      if (labels?.['flag'] === 'a') sound.count(name, { ...labels, flag: 'never' }, value);
    },
  }),
};

export { recordingSink };
