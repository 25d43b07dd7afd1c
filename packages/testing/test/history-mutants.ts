/** Histories that break one promise each, and publishers that do not write theirs. */
import type { FlagHistory, FlagPublisher, HistoryEntry, HistoryPage, HistoryQuery } from '@clarity/flags-core/ports';
import { StoreError } from '@clarity/flags-core/ports';

interface HistoryMutant {
  readonly history?: (sound: FlagHistory) => Partial<FlagHistory>;
  readonly publisher?: (sound: FlagPublisher) => Partial<FlagPublisher>;
}

const telling = (change: (page: HistoryPage, query: HistoryQuery) => HistoryPage): HistoryMutant => ({
  history: (sound) => ({ entries: async (query, signal) => change(await sound.entries(query, signal), query) }),
});
const changing = (change: (entry: HistoryEntry) => HistoryEntry): HistoryMutant =>
  telling((page) => ({ ...page, entries: page.entries.map(change) }));
/** Asks the sound history for something else. */
const asking = (change: (query: HistoryQuery) => HistoryQuery): HistoryMutant => ({
  history: (sound) => ({ entries: (query, signal) => sound.entries(change(query), signal) }),
});

export const historyMutants: Readonly<Record<string, HistoryMutant>> = {
  'shows a secret in its name': { history: () => ({ name: 'redis://:hunter2@host' }) },
  'has an entry before there is one': telling((page) =>
    page.entries.length > 0 ? page : { entries: [], unreadable: ['line 1'] },
  ),
  'forgets who it was': changing((entry) => ({ ...entry, actor: 'unknown' })),
  'forgets the comment': changing(({ comment: _, ...entry }) => entry),
  'forgets what an entry stands on': changing((entry) => ({ ...entry, before: null })),
  'dates everything to the epoch': changing((entry) => ({ ...entry, atMs: 0 })),
  'numbers from 0': changing((entry) => ({ ...entry, seq: entry.seq - 1 })),
  'calls a restore a publication': changing((entry) => ({ ...entry, kind: 'publish' })),
  'gives hashes that are no chain': changing((entry) => ({ ...entry, hash: 'a'.repeat(64) })),
  'gives a text that is another': changing((entry) => ({ ...entry, text: `${entry.text} ` })),
  'tells the oldest first': telling((page) => ({ ...page, entries: page.entries.toReversed() })),
  'ignores the flag that is asked for': asking(({ flag: _, ...query }) => query),
  'ignores the actor': asking(({ actor: _, ...query }) => query),
  'ignores the time': asking(({ untilMs: _, ...query }) => query),
  'begins each page anew': asking(({ beforeSeq: _, ...query }) => query),
  'says of every page that there is more': telling((page) => ({ ...page, olderThan: 1 })),
  'keeps no document': { history: () => ({ textOf: async () => undefined }) },
  'gives any document for any revision': { history: () => ({ textOf: async () => '{}' }) },
  'rejects with an Error of its own': {
    history: (sound) => ({
      entries: (query, signal) =>
        sound.entries(query, signal).catch(() => {
          throw new Error('ECONNREFUSED');
        }),
    }),
  },
  'is silent about a store that is down': {
    history: (sound) => ({
      entries: (query, signal) => sound.entries(query, signal).catch(() => ({ entries: [], unreadable: [] })),
    }),
  },
  'has publishers that hand no note on': {
    publisher: (sound) => ({
      publish: (text, expected, signal) => sound.publish(text, expected, signal),
      restore: (text, signal) => sound.restore(text, signal),
    }),
  },
  'leaves out publications without a note': telling((page) => ({
    ...page,
    entries: page.entries.filter(({ actor }) => actor !== 'unknown'),
  })),
  'writes an entry for what was refused': {
    publisher: (sound) => ({
      publish: async (text, expected, signal, note) => {
        try {
          return await sound.publish(text, expected, signal, note);
        } catch (error) {
          const isConflict = error instanceof StoreError && error.reason === 'conflict';
          if (isConflict && expected === 'absent') await sound.restore(text, signal, note);
          throw error;
        }
      },
    }),
  },
  'writes the document of a note that it cannot keep': {
    publisher: (sound) => ({
      publish: async (text, expected, signal, note) => {
        try {
          return await sound.publish(text, expected, signal, note);
        } catch (error) {
          if (error instanceof StoreError && error.message.includes('of the note'))
            await sound.publish(text, expected, signal);
          throw error;
        }
      },
    }),
  },
};
