/** Entries of a store's history and the chain that they are: `@clarity/flags-core/history`. Pure, in every runtime. */
export type { CountedRevision, HashRevision, Revision } from './document/revision.ts';
export { compareRevisions } from './document/revision.ts';
export { chainHash, FIRST_PREVIOUS_HASH } from './history/chain.ts';
export type { HistoryEntry, NewEntry } from './history/entry.ts';
export { entryText, readEntry } from './history/entry.ts';
export type { FlagHistory, HistoryPage, HistoryQuery, PublicationNote } from './ports/history.ts';
