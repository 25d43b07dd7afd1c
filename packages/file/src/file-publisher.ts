import { assertPublishable, CallScope, checkedMaxBytes, checkedNumber } from '@clarity/flags-core/adapter-kit';
import {
  type FlagPublisher,
  formatRevision,
  isCounted,
  isStoreError,
  type Revision,
  StoreError,
} from '@clarity/flags-core/ports';
import { realpath } from 'node:fs/promises';
import { Cleanup } from './cleanup.ts';
import { contentHash } from './content-hash.ts';
import { type ExclusiveLock, type LockTiming, takeLock, temporaryPath } from './exclusive-lock.ts';
import { MOST_BYTES, resolveName, resolvePath, type SizedFileOptions } from './file-options.ts';
import { type Fingerprint, sameFingerprint } from './fingerprint.ts';
import { danglingTarget } from './path-chain.ts';
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
}

const DEFAULT_LOCK_STALE_AFTER_MS = 10_000;
/** How much longer than a stale lock may last we wait for our turn. */
const LOCK_WAIT_FACTOR = 2;

/** What the file holds while we have the lock. */
interface Present {
  readonly hash: string;
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
  const staleAfterMs = checkedNumber(
    'lockStaleAfterMs',
    options.lockStaleAfterMs ?? DEFAULT_LOCK_STALE_AFTER_MS,
    100,
    600_000,
  );
  const timing: LockTiming = { staleAfterMs, waitMs: staleAfterMs * LOCK_WAIT_FACTOR };
  const cleanup = new Cleanup();
  const scope = new CallScope(`the file publisher ${name}`);

  async function write(text: string, expected: Revision | 'absent' | 'any', signal: AbortSignal): Promise<Revision> {
    assertPublishable(text, path, expected, { maxBytes, allowEmpty });
    const target = await targetOf(path);
    const lock = await takeLock(target, timing, signal);
    try {
      const present = await readPresent(target, maxBytes, expected === 'any', signal);
      if (expected !== 'any') compare(path, expected, present);
      await replaceFile({
        path: target,
        temporary: temporaryPath(target, lock.token),
        text,
        beforeRename: () => assertUntouched(path, target, present, lock, signal),
      });
      return { hash: contentHash(text) };
    } finally {
      await lock.release();
    }
  }

  return {
    name,
    guarantee: 'compare-and-set',
    publish: (text, expected, signal) =>
      scope.run(`publish to ${path}`, signal, (ending) => cleanup.track(write(text, expected, ending))),
    restore: (text, signal) =>
      scope.run(`restore ${path}`, signal, (ending) => cleanup.track(write(text, 'any', ending))),
    close: () => {
      scope.close();
      return cleanup.settled();
    },
  };
}

/** The file behind the links; where it would be, when the last link points to nothing. */
async function targetOf(path: string): Promise<string> {
  return realpath(path).catch(() => danglingTarget(path));
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
