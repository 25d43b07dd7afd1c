/** Reads a file whose content must come from this user: on POSIX, one that others may write is refused. */
import { isStoreError, StoreError } from '@clarity/flags-core/ports';
import { constants } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fsError } from './fs-error.ts';
import { statRegular, tooLarge } from './read-whole.ts';

const OTHERS_MAY_WRITE = 0o022;
const ANYONE_MAY_WRITE = 0o002;
const STICKY = 0o1000;

/**
 * The text of a file that nobody else could have written, or `undefined` when there is none.
 *
 * @throws StoreError `invalid` (others may write it), `too-large`, `unauthorized`, `unavailable`
 */
export async function readPrivate(path: string, maxBytes: number): Promise<string | undefined> {
  let handle: FileHandle;
  try {
    await statRegular(path);
    handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    const failure = isStoreError(error) ? error : fsError(error, `read the cache ${path}`);
    if (failure.reason === 'not-found') return undefined;
    throw failure;
  }
  try {
    const stats = await handle.stat();
    if (process.geteuid !== undefined) await refuseForeign(path, stats, process.geteuid());
    if (stats.size > maxBytes) throw tooLarge(`the cache ${path}`, stats.size, maxBytes);
    return await handle.readFile('utf8');
  } catch (error) {
    throw isStoreError(error) ? error : fsError(error, `read the cache ${path}`);
  } finally {
    await handle.close().catch(() => undefined);
  }
}

/** Another user who can write the cache decides about flags at the next start, so nobody else may. */
export async function refuseForeign(path: string, file: { mode: number; uid: number }, user: number): Promise<void> {
  if (file.uid !== user && file.uid !== 0) {
    throw foreign(
      path,
      `it belongs to user ${file.uid} and this process runs as user ${user}`,
      'delete it, or change its owner',
    );
  }
  if ((file.mode & OTHERS_MAY_WRITE) !== 0) {
    throw foreign(
      path,
      `its mode is ${(file.mode & 0o777).toString(8)}, so other users may write it`,
      'delete it, or set its mode to 600',
    );
  }
  const directory = await stat(dirname(path));
  if ((directory.mode & ANYONE_MAY_WRITE) !== 0 && (directory.mode & STICKY) === 0) {
    throw foreign(
      path,
      `its directory has mode ${(directory.mode & 0o777).toString(8)}, so any user may replace it`,
      'keep it in a private directory',
    );
  }
}

function foreign(path: string, found: string, remedy: string): StoreError {
  return new StoreError('invalid', `refused the cache ${path}: ${found}; ${remedy}`);
}
