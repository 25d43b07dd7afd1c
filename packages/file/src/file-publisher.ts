import {
  assertPublishable,
  CallScope,
  checkedMaxBytes,
  checkedNumber,
  checkedSwitch,
  type NotedPart,
  notedPart,
} from '@clarity/flags-core/adapter-kit';
import {
  type FlagPublisher,
  formatRevision,
  type HistoryEntry,
  isCounted,
  isStoreError,
  type PublicationNote,
  type Revision,
  StoreError,
} from '@clarity/flags-core/ports';
import { AuditFile } from './audit-file.ts';
import { Cleanup } from './cleanup.ts';
import { contentHash } from './content-hash.ts';
import { type ExclusiveLock, type LockTiming, takeLock, temporaryPath } from './exclusive-lock.ts';
import { MOST_BYTES, resolveName, resolvePath, type SizedFileOptions } from './file-options.ts';
import { type Fingerprint, sameFingerprint } from './fingerprint.ts';
import { keepText } from './kept-texts.ts';
import { targetOf } from './path-chain.ts';
import { readWhole, statRegular } from './read-whole.ts';
import { replaceFile } from './replace-file.ts';

export interface FilePublisherOptions extends SizedFileOptions {
  /**
   * After how long the lock of a publisher that cannot be asked (it ran on another machine) counts as left behind, in
   * milliseconds, 100 to 600,000. Default 10,000. A lock of a dead process of this machine is broken at once.
   */
  readonly lockStaleAfterMs?: number;
  /** Accept a document without flags. Default false: it is nearly always an accident. */
  readonly allowEmpty?: boolean;
  /**
   * Write an entry to the history beside the file with each publication (`fileHistory`). Default true. Without it the
   * next publication that writes one says that the file was changed by somebody unknown.
   */
  readonly history?: boolean;
}

const DEFAULT_LOCK_STALE_AFTER_MS = 10_000;
/** How much longer than a stale lock may last we wait for our turn. */
const LOCK_WAIT_FACTOR = 2;

/** What the file holds while we have the lock. */
interface Present {
  readonly hash: string;
  /** Absent where it is too large to be a document. */
  readonly bytes?: Uint8Array;
  readonly print: Fingerprint;
}

/**
 * Writes a file by compare-and-set on its content hash. Publishers of all processes take turns by a lock file beside
 * it; the text is written to a temporary file, synced, and renamed over the old one, whose mode and owner stay. A
 * symbolic link is followed, and its target replaced. Somebody who edits the file by hand takes no lock: the file is
 * compared once more right before the rename, which leaves a gap of microseconds.
 *
 * Rejects with `conflict`, `invalid` (not a flag document), `too-large`, `not-found` (no directory), `unauthorized`,
 * `unavailable` (disk, a lock that others hold) or `timeout` (the caller's signal: the file holds the old document, or
 * the new one when the abort came during the rename).
 *
 * @throws TypeError or RangeError for a bad option.
 */
export function filePublisher(options: FilePublisherOptions): FlagPublisher {
  const path = resolvePath(options);
  const name = resolveName(options.name, path);
  const maxBytes = checkedMaxBytes(options.maxBytes, MOST_BYTES);
  const { allowEmpty = false } = options;
  const hasHistory = checkedSwitch('history', options.history ?? true);
  const staleAfterMs = checkedNumber(
    'lockStaleAfterMs',
    options.lockStaleAfterMs ?? DEFAULT_LOCK_STALE_AFTER_MS,
    100,
    600_000,
  );
  const timing: LockTiming = { staleAfterMs, waitMs: staleAfterMs * LOCK_WAIT_FACTOR };
  const cleanup = new Cleanup();
  const scope = new CallScope(`the file publisher ${name}`);

  async function write(
    text: string,
    expected: Revision | 'absent' | 'any',
    signal: AbortSignal,
    note: PublicationNote | undefined,
  ): Promise<Revision> {
    assertPublishable(text, path, expected, { maxBytes, allowEmpty });
    const noted = notedPart(note);
    const target = await targetOf(path);
    const lock = await takeLock(target, timing, signal);
    try {
      const present = await readPresent(target, maxBytes, expected === 'any', signal);
      if (expected !== 'any') compare(path, expected, present);
      const after = { hash: contentHash(text) };
      const replace = (): Promise<void> =>
        replaceFile({
          path: target,
          temporary: temporaryPath(target, lock.token),
          text,
          beforeRename: () => assertUntouched(path, target, present, lock, signal),
        });
      if (hasHistory) {
        const kind = expected === 'any' ? 'restore' : 'publish';
        await withEntry({ target, present, after, kind, noted }, replace);
        // Nobody waits for it: the next publication makes up for one that is missing.
        void cleanup.track(keepText(target, after.hash, text)).catch(() => undefined);
      } else await replace();
      return after;
    } finally {
      await lock.release();
    }
  }

  return {
    name,
    guarantee: 'compare-and-set',
    publish: (text, expected, signal, note) =>
      scope.run(`publish to ${path}`, signal, (ending) => cleanup.track(write(text, expected, ending, note))),
    restore: (text, signal, note) =>
      scope.run(`restore ${path}`, signal, (ending) => cleanup.track(write(text, 'any', ending, note))),
    close: () => {
      scope.close();
      return cleanup.settled();
    },
  };
}

interface Replacing {
  readonly target: string;
  readonly present: Present | undefined;
  readonly after: { readonly hash: string };
  readonly kind: HistoryEntry['kind'];
  readonly noted: NotedPart;
}

/**
 * Writes the entry, then the document. A publisher that dies in between leaves an entry whose document never came; the
 * next one says so. One that lives takes it back itself.
 */
async function withEntry(
  { target, present, after, kind, noted }: Replacing,
  replace: () => Promise<void>,
): Promise<void> {
  const audit = await AuditFile.open(target);
  try {
    const held = present === undefined ? null : { hash: present.hash };
    await explain(audit, held);
    // The text of what is replaced, where whoever wrote it kept none.
    if (present?.bytes !== undefined) await keepText(target, present.hash, present.bytes).catch(() => undefined);
    const { seq } = await audit.append({ atMs: Date.now(), kind, ...noted, before: held, after });
    try {
      await replace();
    } catch (error) {
      await audit.append({ ...nobody('void'), voids: seq, before: held, after: held }).catch(() => undefined);
      throw error;
    }
  } finally {
    await audit.close();
  }
}

/** Where the history does not end with what the file holds: says what is known of how that came. */
async function explain(audit: AuditFile, held: Revision | null): Promise<void> {
  const { last, seq } = audit.head;
  if (last === undefined || last.after?.hash === held?.hash) return;
  const isVoid = last.kind !== 'void' && last.before?.hash === held?.hash;
  const entry = isVoid
    ? { ...nobody('void'), voids: seq, before: held, after: held }
    : { ...nobody('outside'), before: last.after, after: held };
  await audit.append(entry);
}

function nobody(kind: 'void' | 'outside'): Pick<HistoryEntry, 'atMs' | 'kind' | 'actor' | 'authenticatedBy' | 'via'> {
  return { atMs: Date.now(), kind, actor: 'unknown', authenticatedBy: 'claimed', via: 'file' };
}

/** What is there, or `undefined` for nothing. A restore replaces it even when it cannot be read as a document. */
async function readPresent(
  target: string,
  maxBytes: number,
  replaceAnything: boolean,
  signal: AbortSignal,
): Promise<Present | undefined> {
  try {
    return await readWhole(target, { maxBytes, settle: false }, signal);
  } catch (error) {
    if (isStoreError(error) && error.reason === 'not-found') return undefined;
    if (replaceAnything && isStoreError(error) && error.reason === 'too-large') {
      return { hash: '', print: await statRegular(target) };
    }
    throw error;
  }
}

function compare(path: string, expected: Revision | 'absent', present: Present | undefined): void {
  const held = present === undefined ? 'nothing' : formatRevision({ hash: present.hash });
  if (expected === 'absent') {
    if (present === undefined) return;
    throw conflict(`${path} was expected to be absent and holds ${held}`, present);
  }
  // A counted revision comes from another store; only its hash could be ours.
  if (present !== undefined && expected.hash === present.hash) return;
  const note =
    isCounted(expected) && expected.hash === undefined ? ' (a file is known by its hash and does not count)' : '';
  throw conflict(`${path} was expected to hold ${formatRevision(expected)}${note} and holds ${held}`, present);
}

function conflict(found: string, present: Present | undefined): StoreError {
  return new StoreError('conflict', `${found}; read it again and publish on top of that`, {
    ...(present !== undefined && { revision: { hash: present.hash } }),
  });
}

/** The last look before the rename: nobody stopped us, broke our lock, or wrote the file without one. */
async function assertUntouched(
  path: string,
  target: string,
  present: Present | undefined,
  lock: ExclusiveLock,
  signal: AbortSignal,
): Promise<void> {
  if (!(await lock.held())) {
    throw new StoreError(
      'unavailable',
      `lost the lock for ${path}: another publisher believed this one dead; try again`,
    );
  }
  const now = await statRegular(target).catch((error: unknown) => {
    if (isStoreError(error) && error.reason === 'not-found') return undefined;
    throw error;
  });
  const untouched = now === undefined || present === undefined ? now === present : sameFingerprint(now, present.print);
  if (!untouched) throw conflict(`${path} was changed by another writer at this moment`, undefined);
  signal.throwIfAborted();
}
