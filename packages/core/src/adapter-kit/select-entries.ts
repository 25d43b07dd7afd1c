import type { HistoryEntry } from '../history/entry.ts';
import type { HistoryPage, HistoryQuery } from '../ports/history.ts';
import { checkedNumber } from './adapter-options.ts';

/** A place of a history, and the entry that it holds, if it can be read. */
export interface EntryPlace {
  readonly entry: HistoryEntry | undefined;
  /** In words. */
  readonly place: string;
}

/**
 * The page of a history that a query asks for, out of all its places, newest first.
 *
 * @throws RangeError for a limit out of range
 */
export function selectEntries(places: readonly EntryPlace[], query: HistoryQuery): HistoryPage {
  const limit = checkedNumber('limit', query.limit ?? 50, 1, 1_000);
  const entries: HistoryEntry[] = [];
  const unreadable: string[] = [];
  for (const { entry, place } of places) {
    if (entry === undefined) unreadable.push(place);
    else if (isAskedFor(entry, query)) entries.push(entry);
    if (entries.length > limit) break;
  }
  const page = entries.slice(0, limit);
  return { entries: page, ...(entries.length > limit && { olderThan: page.at(-1)!.seq }), unreadable };
}

function isAskedFor(entry: HistoryEntry, { beforeSeq, flag, actor, sinceMs, untilMs }: HistoryQuery): boolean {
  return (
    (beforeSeq === undefined || entry.seq < beforeSeq) &&
    (flag === undefined || entry.flags?.includes(flag) === true) &&
    (actor === undefined || entry.actor === actor) &&
    (sinceMs === undefined || entry.atMs >= sinceMs) &&
    (untilMs === undefined || entry.atMs < untilMs)
  );
}
