import {
  chainHash,
  compareRevisions,
  FIRST_PREVIOUS_HASH,
  type FlagHistory,
  type HistoryEntry,
  type Revision,
} from '@clarity/flags-core/history';

/** One thing that is wrong with a history. */
export interface AuditFinding {
  /**
   * `edited`: an entry is not the one that was hashed. `missing`: entries are gone. `reordered`: an entry stands in
   * another's place. `unreadable`: a place holds no entry. `broken`: an entry does not begin with the document that the
   * one before it left. `written-around`: the document is not that of the last entry. `outside`: an entry that says so
   * of an earlier document. `anchor`: the chain is another one than when the anchor was taken.
   */
  readonly kind: 'edited' | 'missing' | 'reordered' | 'unreadable' | 'broken' | 'written-around' | 'outside' | 'anchor';
  /** The entry's number, where it has one. */
  readonly seq?: number;
  /** For people. */
  readonly message: string;
}

/** A place of a chain that somebody kept outside of the store. */
export interface ChainAnchor {
  readonly seq: number;
  readonly hash: string;
}

export interface AuditVerdict {
  /** Whether nothing is wrong. Entries that say `outside` are told, and are wrong in nobody's chain. */
  readonly ok: boolean;
  readonly entries: number;
  /** Of the newest entry: keep it elsewhere, and a chain that is written anew is found. */
  readonly head?: ChainAnchor;
  readonly findings: readonly AuditFinding[];
}

export interface VerifyOptions {
  /** What the store holds now, null for nothing. Without it the end of the chain is not held against the document. */
  readonly held?: Revision | null;
  readonly anchors?: readonly ChainAnchor[];
}

/**
 * Reads a history whole, and says what in it was bent: SHA-256 of each entry upon the one before it. Whoever holds the
 * store's credentials can write around a history, and can write all of it anew: the first is seen, the second only
 * with an anchor. Rejects as the history does.
 */
export async function verify(
  history: Pick<FlagHistory, 'entries'>,
  { held, anchors = [] }: VerifyOptions,
  signal: AbortSignal,
): Promise<AuditVerdict> {
  const entries: HistoryEntry[] = [];
  const findings: AuditFinding[] = [];
  const places = new Set<string>();
  let beforeSeq: number | undefined;
  do {
    const page = await history.entries({ limit: 1_000, ...(beforeSeq !== undefined && { beforeSeq }) }, signal);
    for (const place of page.unreadable) places.add(place);
    entries.push(...page.entries);
    beforeSeq = page.olderThan;
  } while (beforeSeq !== undefined);
  for (const place of places)
    findings.push({ kind: 'unreadable', message: `${place} holds no entry that can be read` });
  const chain = entries.toReversed();
  for (const [index, entry] of chain.entries()) findings.push(...(await wrongWith(entry, chain[index - 1])));
  const last = chain.at(-1);
  if (held !== undefined && !same(last?.after ?? null, held)) findings.push(writtenAround(last, held));
  for (const anchor of anchors) findings.push(...againstAnchor(anchor, chain));
  return {
    ok: findings.every(({ kind }) => kind === 'outside'),
    entries: chain.length,
    ...(last !== undefined && { head: { seq: last.seq, hash: last.hash } }),
    findings,
  };
}

async function wrongWith(entry: HistoryEntry, before: HistoryEntry | undefined): Promise<readonly AuditFinding[]> {
  const { seq, kind } = entry;
  const found: AuditFinding[] = [];
  const lastSeq = before?.seq ?? 0;
  if (seq > lastSeq + 1) {
    const gone = seq - lastSeq - 1;
    const what = gone === 1 ? `entry ${seq - 1} is` : `entries ${lastSeq + 1} to ${seq - 1} are`;
    found.push({ kind: 'missing', seq, message: `${what} gone` });
  } else if (seq <= lastSeq) {
    found.push({ kind: 'reordered', seq, message: `entry ${seq} stands after entry ${lastSeq}` });
  } else if (entry.hash !== (await chainHash(before?.hash ?? FIRST_PREVIOUS_HASH, entry.text))) {
    const message = `entry ${seq} is not the one that was written upon entry ${lastSeq}: one of the two was changed`;
    found.push({ kind: 'edited', seq, message });
  }
  if (kind === 'outside') {
    found.push({ kind: 'outside', seq, message: `before entry ${seq} the document was replaced without an entry` });
  } else if (before !== undefined && kind !== 'void' && !same(before.after, entry.before)) {
    found.push({ kind: 'broken', seq, message: `entry ${seq} does not begin with the document of entry ${lastSeq}` });
  }
  return found;
}

function writtenAround(last: HistoryEntry | undefined, held: Revision | null): AuditFinding {
  if (last === undefined) return { kind: 'written-around', message: 'there is a document, and no entry at all' };
  const what = held === null ? 'there is no document' : 'the document is another one';
  const message = `${what} than entry ${last.seq} left: it was written without an entry, or the last entries are gone`;
  return { kind: 'written-around', seq: last.seq, message };
}

function againstAnchor({ seq, hash }: ChainAnchor, chain: readonly HistoryEntry[]): readonly AuditFinding[] {
  const entry = chain.find((one) => one.seq === seq);
  if (entry?.hash === hash) return [];
  const what = entry === undefined ? 'there is no such entry' : 'it is another one';
  return [
    { kind: 'anchor', seq, message: `entry ${seq} was kept elsewhere, and ${what} now: the chain was written anew` },
  ];
}

/** Whether two revisions are of one document. */
function same(one: Revision | null, other: Revision | null): boolean {
  if (one === null || other === null) return one === other;
  if (one.hash !== undefined && other.hash !== undefined && one.hash !== other.hash) return false;
  return compareRevisions(one, other) === 'same';
}
