import { type FlagHistory, formatRevision, type FlagStore, type HistoryEntry } from '@clarity/flags-core/ports';
import { EXIT, type Line, type Outcome, UsageError } from '../outcome.ts';
import type { Call } from '../verb.ts';
import { withStore } from '../with-store.ts';

export interface HistoryOptions {
  readonly limit?: number;
  readonly before?: number;
  readonly actor?: string;
}

export function performHistory(call: Call<HistoryOptions>): Promise<Outcome> {
  const [address = '', flag] = call.words;
  const { limit = 20, before, actor } = call.options;
  return withStore(call, address, async (store, within) => {
    const history = historyOf(store);
    const query = {
      limit,
      ...(before !== undefined && { beforeSeq: before }),
      ...(flag !== undefined && { flag }),
      ...(actor !== undefined && { actor }),
    };
    const { entries, olderThan, unreadable } = await within((signal) => history.entries(query, signal));
    const about = flag === undefined ? '' : ` of ${flag}`;
    const end: Line =
      entries.length === 0
        ? { text: `${store.source.name} has no history${about} yet`, tone: 'quiet' }
        : olderThan === undefined
          ? { text: entries.length === 1 ? '1 entry' : `${entries.length} entries`, tone: 'quiet' }
          : { text: `older ones: --before ${olderThan}`, tone: 'quiet' };
    return {
      code: EXIT.ok,
      value: { store: store.source.name, entries: entries.map(withoutText), olderThan: olderThan ?? null, unreadable },
      lines: [
        ...entries.map((entry): Line => ({ text: entryLine(entry) })),
        ...unreadable.map((place): Line => ({ text: `${place} holds no entry that can be read`, tone: 'bad' })),
        end,
      ],
    };
  });
}

/** @throws UsageError for a store that keeps none */
export function historyOf(store: FlagStore): FlagHistory {
  if (store.history === undefined) throw new UsageError(`${store.source.name} keeps no history`);
  return store.history;
}

/** `#12  2026-11-30 20:59:01  ada (claimed, cli)  checkout  1a2b3c4d5e6f  "more room"`. */
export function entryLine(entry: HistoryEntry): string {
  const { seq, atMs, kind, actor, authenticatedBy, via, flags = [], comment, after, voids } = entry;
  const when = new Date(atMs).toISOString().replace('T', ' ').slice(0, 19);
  const what = WORDS[kind].replace('#', `#${voids ?? ''}`);
  const named = flags.length > 3 ? `${flags.slice(0, 3).join(', ')} and ${flags.length - 3} more` : flags.join(', ');
  return [
    `#${seq}`,
    when,
    kind === 'publish' || kind === 'restore' ? `${actor} (${authenticatedBy}, ${via})` : '',
    [what, named].filter((one) => one !== '').join(' '),
    after === null ? 'nothing' : formatRevision(after),
    comment === undefined ? '' : JSON.stringify(comment),
  ]
    .filter((part) => part !== '')
    .join('  ');
}

const WORDS: Readonly<Record<HistoryEntry['kind'], string>> = {
  publish: '',
  restore: 'restored',
  void: 'voids #: its document never came',
  outside: 'was changed without an entry',
};

function withoutText({ text: _, ...entry }: HistoryEntry): object {
  return entry;
}
