/** Replaces a file whole or not at all, also when the machine loses power half way. */
import { constants } from 'node:fs';
import { open, rename, stat, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isStoreError } from '@clarity/flags-core/ports';
import { fsError } from './fs-error.ts';

export interface Replacement {
  readonly path: string;
  /** In the same directory. Must not exist. */
  readonly temporary: string;
  readonly text: string;
  /** Mode of the new file. Without it: that of the old file, or 0666 less the umask when there is none. */
  readonly mode?: number;
  /** Called when all is written and only the rename is left. Throws to leave the old file in place. */
  readonly beforeRename: () => Promise<void>;
}

/** @throws StoreError, with the old file in place and no temporary file left. */
export async function replaceFile(replacement: Replacement): Promise<void> {
  const { path, temporary, text, mode, beforeRename } = replacement;
  try {
    const old = mode === undefined ? await stat(path).catch(() => undefined) : undefined;
    // Until it has the old file's mode and owner, nobody else may read what those may not.
    const handle = await open(temporary, 'wx', old === undefined ? (mode ?? 0o666) : 0o600);
    try {
      await handle.writeFile(text);
      // The umask applied to the mode above, and a new file belongs to us: those who could read the old one still must.
      if (old !== undefined && process.platform !== 'win32') {
        if (old.uid !== process.geteuid?.() || old.gid !== process.getegid?.()) {
          await handle.chown(old.uid, old.gid).catch(() => undefined);
        }
        await handle.chmod(old.mode & 0o7777);
      }
      await handle.sync();
    } finally {
      await handle.close();
    }
    await beforeRename();
    await rename(temporary, path);
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw isStoreError(error) ? error : fsError(error, `write ${path}`);
  }
  await syncDirectory(dirname(path));
}

/** Makes the rename last. Not every system can open a directory; there the file system sees to it. */
async function syncDirectory(directory: string): Promise<void> {
  try {
    const handle = await open(directory, constants.O_RDONLY);
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch {
    // The new content is in place and readable; only its survival of a power cut is unproven.
  }
}
