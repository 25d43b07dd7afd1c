/**
 * A lock beside the file that it guards: of all processes that want it, on all machines that share the directory, one
 * holds it.
 */
import { isStoreError, StoreError } from '@clarity/flags-core/ports';
import { randomBytes } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import { type FileHandle, lstat, open, readFile, readlink, symlink, unlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { pause } from './pause.ts';
import { errorCode, fsError } from './fs-error.ts';

/** Between two tries for a lock that another holds; random, so that many who wait do not try at once. */
const RETRY_MS = { least: 4, most: 20 } as const;
const MOST_LOCK_BYTES = 4_096n;

export interface ExclusiveLock {
  /** Names the holder's temporary file, so that the process that breaks the lock can remove it. */
  readonly token: string;
  /** Whether the lock is still ours: another process breaks it when it believes us dead. */
  held(): Promise<boolean>;
  /** Idempotent. Never rejects. */
  release(): Promise<void>;
}

export interface LockTiming {
  /** A lock that was seen unchanged for this long is broken. */
  readonly staleAfterMs: number;
  /** How long to wait for a lock that keeps changing hands. */
  readonly waitMs: number;
}

/** What a lock says about its holder. */
interface Holder {
  readonly token: string;
  readonly pid: number;
  readonly host: string;
}

/**
 * Takes the lock, waiting for others. The lock of a process that is gone is broken at once when that process ran here,
 * and otherwise after it was seen unchanged for `staleAfterMs` (by our monotonic clock: clocks of two machines may
 * differ).
 *
 * @throws StoreError `unavailable` after `waitMs`, `unauthorized`, `not-found` (no directory), or the signal's reason
 */
export async function takeLock(file: string, timing: LockTiming, signal: AbortSignal): Promise<ExclusiveLock> {
  const path = lockPath(file);
  const own: Holder = { token: randomBytes(16).toString('hex'), pid: process.pid, host: await thisHost() };
  const { token } = own;
  const begunMs = performance.now();
  let seen: { readonly found: string; readonly sinceMs: number } | undefined;
  for (;;) {
    signal.throwIfAborted();
    if (await create(path, describe(own))) {
      return { token, held: () => holds(path, token), release: () => release(path, token) };
    }
    const found = await look(path);
    if (found !== undefined) {
      if (seen?.found !== found.identity) seen = { found: found.identity, sinceMs: performance.now() };
      if (isDead(found.holder, own.host) || performance.now() - seen.sinceMs >= timing.staleAfterMs) {
        await breakLock(file, own, found, timing.staleAfterMs);
      } else if (performance.now() - begunMs > timing.waitMs) throw stillLocked(path, found.holder, timing.waitMs);
    }
    await pause(RETRY_MS.least + Math.random() * (RETRY_MS.most - RETRY_MS.least), signal);
  }
}

export function lockPath(file: string): string {
  return `${file}.lock`;
}

/**
 * Where the holder of `token` writes before it renames over `file`. Hidden, and in the same directory: a rename must
 * not cross disks.
 */
export function temporaryPath(file: string, token: string): string {
  return join(dirname(file), `.${basename(file)}.${token}.tmp`);
}

/**
 * Makes the lock with what it says in one step, as the target of a symbolic link: a process that is killed right after
 * it still says who it was. Where links cannot be made (Windows, FAT, Deno with narrow rights) it is a file.
 */
async function create(path: string, content: string): Promise<boolean> {
  try {
    await symlink(content, path);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    return createFile(path, content);
  }
}

async function createFile(path: string, content: string): Promise<boolean> {
  let handle: FileHandle;
  try {
    handle = await open(path, 'wx', 0o644);
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw fsError(error, `create the lock ${path}`);
  }
  try {
    await handle.writeFile(content);
    return true;
  } catch (error) {
    // A full disk: an empty lock would hold everybody up.
    await unlink(path).catch(() => undefined);
    throw fsError(error, `write the lock ${path}`);
  } finally {
    await handle.close();
  }
}

interface Found {
  /** Changes whenever the lock changes hands. */
  readonly identity: string;
  readonly madeAtMs: number;
  readonly holder: Holder | undefined;
}

/** What the lock says, or `undefined` when it is gone meanwhile. */
async function look(path: string): Promise<Found | undefined> {
  try {
    const stats = await lstat(path, { bigint: true });
    const content = await contentOf(path, stats);
    return {
      identity: `${stats.ino}.${stats.mtimeNs}.${content}`,
      madeAtMs: Number(stats.mtimeMs),
      holder: parseHolder(content),
    };
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw fsError(error, `read the lock ${path}`);
  }
}

async function contentOf(path: string, stats: BigIntStats): Promise<string> {
  if (stats.isSymbolicLink()) return readlink(path);
  // Not ours to read when somebody put something else there.
  return stats.isFile() && stats.size <= MOST_LOCK_BYTES ? readFile(path, 'utf8') : '';
}

function parseHolder(content: string): Holder | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(content);
  } catch {
    return undefined; // Caught between its creation and its first write, or not a lock of ours.
  }
  if (typeof parsed !== 'object' || parsed === null) return undefined;
  const { token, pid, host } = parsed as { readonly [key in keyof Holder]?: unknown };
  if (typeof token !== 'string' || !/^[0-9a-f]{32}$/.test(token) || typeof host !== 'string') return undefined;
  if (typeof pid !== 'number' || !Number.isSafeInteger(pid) || pid < 1) return undefined;
  return { token, pid, host };
}

/**
 * Removes a lock that was judged stale, and what its holder left behind. One at a time and after another look: of
 * several who judge the same, a slower one would remove the lock that a faster one has taken since.
 */
async function breakLock(file: string, own: Holder, stale: Found, staleAfterMs: number): Promise<void> {
  const path = lockPath(file);
  const guard = `${path}.break`;
  if (!(await create(guard, describe(own)))) {
    const other = await look(guard);
    if (other !== undefined && (isDead(other.holder, own.host) || Date.now() - other.madeAtMs > staleAfterMs)) {
      await unlink(guard).catch(() => undefined);
    }
    return;
  }
  try {
    if ((await look(path))?.identity !== stale.identity) return;
    await unlink(path);
    if (stale.holder !== undefined) await unlink(temporaryPath(file, stale.holder.token)).catch(() => undefined);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return;
    throw isStoreError(error) ? error : fsError(error, `remove the stale lock ${path}`);
  } finally {
    await unlink(guard).catch(() => undefined);
  }
}

async function holds(path: string, token: string): Promise<boolean> {
  const found = await look(path).catch(() => undefined);
  return found?.holder?.token === token;
}

async function release(path: string, token: string): Promise<void> {
  if (await holds(path, token)) await unlink(path).catch(() => undefined);
}

/** Whether the holder ran on this machine and is gone. Of another machine's nobody here can tell. */
function isDead(holder: Holder | undefined, ownHost: string): boolean {
  if (holder === undefined || ownHost === '' || holder.host !== ownHost) return false;
  try {
    process.kill(holder.pid, 0);
    return false;
  } catch (error) {
    return errorCode(error) === 'ESRCH';
  }
}

function describe(holder: Holder): string {
  return JSON.stringify({ format: 1, ...holder });
}

/**
 * This machine as seen by process ids: containers may share a host name without sharing process ids. Empty when
 * unknown.
 */
async function thisHost(): Promise<string> {
  try {
    const namespace = process.platform === 'linux' ? await readlink('/proc/self/ns/pid') : process.platform;
    return `${hostname()} ${namespace}`;
  } catch {
    return '';
  }
}

function stillLocked(path: string, holder: Holder | undefined, waitedMs: number): StoreError {
  const by = holder === undefined ? 'an unknown holder' : `process ${holder.pid} on ${holder.host}`;
  return new StoreError(
    'unavailable',
    `another publisher (${by}) has held ${path} for ${waitedMs} ms; try again, or remove that file if its holder is gone`,
  );
}
