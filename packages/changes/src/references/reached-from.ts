import type { FlagDocument } from '@clarity/flags-core/document';
import { referencesOf, type Table } from './references.ts';

/** What a document's entries are told apart by: `segments staff`. */
export type EntryId = `${Table} ${string}`;

export function entryId(table: Table, name: string | number): EntryId {
  return `${table} ${name}`;
}

/** These entries, and all that ask for one of them, directly or by others. */
export function reachedFrom(entries: Iterable<EntryId>, ...documents: readonly FlagDocument[]): ReadonlySet<EntryId> {
  const users = new Map<EntryId, EntryId[]>();
  for (const document of documents) {
    for (const { table, key, steps } of referencesOf(document)) {
      const user = entryId(steps[0] as Table, steps[1]!);
      const others = users.get(entryId(table, key));
      if (others === undefined) users.set(entryId(table, key), [user]);
      else others.push(user);
    }
  }
  const reached = new Set(entries);
  // A set is walked to its end, also while it grows.
  for (const entry of reached) for (const user of users.get(entry) ?? []) reached.add(user);
  return reached;
}
