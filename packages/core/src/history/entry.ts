import { isObject } from '../document/is-object.ts';
import type { Revision } from '../document/revision.ts';

/** One entry of a store's history. */
export interface HistoryEntry {
  /** From 1, without a gap. */
  readonly seq: number;
  /** Unix milliseconds, by the store's clock where it has one. */
  readonly atMs: number;
  /**
   * `void`: the document of entry `voids` never came, since its publisher died in between. `outside`: somebody replaced
   * the document without an entry; who, nobody knows.
   */
  readonly kind: 'publish' | 'restore' | 'void' | 'outside';
  readonly actor: string;
  readonly authenticatedBy: string;
  readonly via: string;
  readonly comment?: string;
  readonly flags?: readonly string[];
  readonly instructions?: readonly unknown[];
  /** How many there were, where they were too large to keep. */
  readonly instructionCount?: number;
  readonly requestId?: string;
  readonly voids?: number;
  /** What the document was, null for none. */
  readonly before: Revision | null;
  /** What it became, null for none. */
  readonly after: Revision | null;
  /** SHA-256, lower-case hex, of the previous entry's hash and this entry's text. */
  readonly hash: string;
  /** As it is stored: what is hashed. */
  readonly text: string;
}

/** An entry before it has its place in the chain. */
export type NewEntry = Omit<HistoryEntry, 'hash' | 'text'>;

/** The text that is stored and hashed: one line of JSON. */
export function entryText(entry: NewEntry): string {
  return JSON.stringify(entry);
}

const KINDS: ReadonlySet<unknown> = new Set(['publish', 'restore', 'void', 'outside']);

/** A stored entry, or undefined for what is none. Never throws. Whether its hash is right is a question of its own. */
export function readEntry(text: string, hash: string): HistoryEntry | undefined {
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(read) || !/^[0-9a-f]{64}$/.test(hash)) return undefined;
  const { seq, atMs, kind, actor, authenticatedBy, via, before, after } = read;
  const isEntry =
    Number.isSafeInteger(seq) &&
    Number(seq) > 0 &&
    Number.isFinite(atMs) &&
    KINDS.has(kind) &&
    [actor, authenticatedBy, via].every((one) => typeof one === 'string') &&
    [before, after].every((one) => one === null || isObject(one));
  return isEntry ? ({ ...read, hash, text } as unknown as HistoryEntry) : undefined;
}
