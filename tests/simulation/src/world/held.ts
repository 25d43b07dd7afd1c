import { isCounted, type Revision } from '../../../../packages/core/src/document/revision.ts';

/** What a store held at some time: one publication, and what is true of it, also when the store says otherwise. */
export interface Held {
  readonly revision: Revision;
  readonly text: string;
  readonly good: boolean;
  /** The revision holds a number that cannot be compared. */
  readonly poisoned: boolean;
  /** By the clock of the store. */
  readonly publishedAtMs: number;
  /** Which of the publications to this store it is: the true order, also when their revisions say otherwise. */
  readonly number: number;
  /** What the store held when this was published. */
  readonly base: Held | undefined;
  /** Who published it. */
  readonly by: Publisher | 'hand';
  /** The least epoch that its publisher may choose; undefined for publishers that know no such rule. */
  readonly leastEpoch: number | undefined;
  /** The fields of the record beside the revision: `meta` is left behind by publishers that do not know it. */
  readonly id: string;
  readonly meta: string | undefined;
  /** The store named it as one that it cannot give: a client that heard that waits for another. */
  condemned: boolean;
}

/**
 * - `remembering`: one process that publishes again and again, so it knows the highest epoch it was ever told
 * - `forgetful`: a new process each time
 * - `old`: of a version that keeps the epoch and raises the version, and knows nothing of `meta`
 */
export type Publisher = 'remembering' | 'forgetful' | 'old';

/** A revision as a key. */
export function keyOf(revision: Revision): string {
  return isCounted(revision) ? `${revision.epoch}.${revision.version}.${revision.hash ?? ''}` : revision.hash;
}

/** Whether `one` came about on top of `other`, at however many removes, or is it. */
export function standsOn(one: Held, other: Held): boolean {
  for (let at: Held | undefined = one; at !== undefined; at = at.base) if (at === other) return true;
  return false;
}

/**
 * Whether a client that has `known` of the same store is owed `published`: because its publisher knew enough to choose
 * a higher epoch. A publisher that was told of nothing, at a store that lost the rest and whose clock went back, did
 * not.
 */
export function isOwedOver(published: Held, known: Revision): boolean {
  return published.leastEpoch !== undefined && isCounted(known) && published.leastEpoch > known.epoch;
}
