/** Reads a small file whole, and never one that is being rewritten under our hands. */
import { isStoreError, StoreError } from '@clarity/flags-core/ports';
import { constants } from 'node:fs';
import { open, stat, type FileHandle } from 'node:fs/promises';
import { pause } from './pause.ts';
import { contentHash } from './content-hash.ts';
import { fingerprintOf, sameFingerprint, touchedWithin, type Fingerprint } from './fingerprint.ts';
import { fsError } from './fs-error.ts';

/**
 * A file touched less than this ago may still be being written: it is looked at again after as long, and must not have
 * changed.
 */
const SETTLE_MS = 50;
/** A fresh file that is empty or ends in the middle is given this long to be finished before it counts as it stands. */
const CUT_PATIENCE_MS = 400;
/** A file that keeps changing for this long is given up until the next read. */
const CHANGING_PATIENCE_MS = 1_500;

export interface WholeFile {
  readonly bytes: Uint8Array;
  readonly hash: string;
  readonly print: Fingerprint;
  /** When it was read (Unix milliseconds). */
  readonly readAtMs: number;
}

export interface ReadLimits {
  readonly maxBytes: number;
  /** A file with this content is taken as it is: nothing would be adopted from it. */
  readonly knownHash?: string;
  /** Whether to wait for a file that was touched just now. Off for our own files, which are always replaced whole. */
  readonly settle: boolean;
}

/**
 * The file's bytes from one moment. A file that changes during the read is read again; one that was touched a moment
 * ago is watched for 50 ms, so that a truncate-then-write seen half way is not taken for a document.
 *
 * @throws StoreError `not-found`, `unauthorized`, `too-large`, `invalid` (not a regular file), `unavailable`, or the
 * signal's reason
 */
export async function readWhole(path: string, limits: ReadLimits, signal: AbortSignal): Promise<WholeFile> {
  const begunMs = performance.now();
  for (;;) {
    const file = await readOnce(path, limits.maxBytes);
    signal.throwIfAborted();
    if (file !== undefined) {
      if (!limits.settle || file.hash === limits.knownHash) return file;
      const cut = endsInTheMiddle(file.bytes);
      if (!touchedWithin(file.print, file.readAtMs, cut ? CUT_PATIENCE_MS : SETTLE_MS)) return file;
      await pause(SETTLE_MS, signal);
      const rests = sameFingerprint(await statRegular(path), file.print);
      if (rests && !(cut && performance.now() - begunMs < CUT_PATIENCE_MS)) return file;
    } else {
      await pause(SETTLE_MS / 5, signal);
    }
    if (performance.now() - begunMs > CHANGING_PATIENCE_MS) {
      throw new StoreError(
        'unavailable',
        `cannot read ${path}: it kept changing for ${CHANGING_PATIENCE_MS} ms; write it seldom and whole (temporary file, then rename)`,
      );
    }
  }
}

/** One look at the file, or `undefined` when it changed meanwhile. */
async function readOnce(path: string, maxBytes: number): Promise<WholeFile | undefined> {
  // Looked at before it is opened: opening a pipe or a device may hang or have effects.
  await statRegular(path);
  let handle: FileHandle;
  try {
    handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    throw fsError(error, `open ${path}`);
  }
  try {
    const before = await handle.stat({ bigint: true });
    refuseIrregular(path, before);
    if (before.size > BigInt(maxBytes)) throw tooLarge(path, before.size, maxBytes);
    const readAtMs = Date.now();
    const bytes = await readUpTo(handle, Number(before.size) + 1);
    const after = await handle.stat({ bigint: true });
    const print = fingerprintOf(before);
    if (!sameFingerprint(print, fingerprintOf(after)) || BigInt(bytes.length) !== before.size) return undefined;
    return { bytes, hash: contentHash(bytes), print, readAtMs };
  } catch (error) {
    throw isStoreError(error) ? error : fsError(error, `read ${path}`);
  } finally {
    await handle.close().catch(() => undefined);
  }
}

/** The fingerprint of what is at `path`, links followed. Refuses anything but a regular file. */
export async function statRegular(path: string): Promise<Fingerprint> {
  let stats;
  try {
    stats = await stat(path, { bigint: true });
  } catch (error) {
    throw fsError(error, `read ${path}`);
  }
  refuseIrregular(path, stats);
  return fingerprintOf(stats);
}

function refuseIrregular(path: string, stats: { isFile(): boolean; isDirectory(): boolean }): void {
  if (stats.isFile()) return;
  const found = stats.isDirectory() ? 'a directory' : 'not a regular file (a pipe, socket or device)';
  throw new StoreError('invalid', `cannot read ${path}: it is ${found}; name a regular file`);
}

export function tooLarge(path: string, size: bigint | number, maxBytes: number): StoreError {
  return new StoreError(
    'too-large',
    `${path} has ${size} bytes and at most ${maxBytes} are allowed; remove flags, or raise maxBytes`,
  );
}

/** Reads to the end, but at most `limit` bytes: a file that grows under our hands must not fill the memory. */
async function readUpTo(handle: FileHandle, limit: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(limit);
  let length = 0;
  while (length < limit) {
    const { bytesRead } = await handle.read(bytes, length, limit - length, length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return bytes.subarray(0, length);
}

const CLOSING_BRACE = 0x7d;
const SPACE = 0x20;

/** A flag document is one JSON object. This does not judge it; it only tells whether waiting may help. */
function endsInTheMiddle(bytes: Uint8Array): boolean {
  let end = bytes.length - 1;
  while (end >= 0 && (bytes[end] ?? 0) <= SPACE) end -= 1;
  return bytes[end] !== CLOSING_BRACE;
}
