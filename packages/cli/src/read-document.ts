import { readFile } from 'node:fs/promises';
import { addAbortSignal } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { parseStoreAddress } from '@clarity/flags-node';
import { UsageError } from './outcome.ts';

/**
 * Strict: bytes that are not UTF-8 would be published as other letters than those in the file. The decoder skips a
 * byte-order mark.
 */
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The text of a file, or of standard input for `-`. @throws UsageError */
export async function readDocument(path: string, stdin: NodeJS.ReadStream, interrupted: AbortSignal): Promise<string> {
  const bytes = path === '-' ? await buffer(addAbortSignal(interrupted, stdin)) : await readBytes(path);
  try {
    return utf8.decode(bytes);
  } catch {
    const name = path === '-' ? 'standard input' : path;
    throw new UsageError(`${name}: holds bytes that are not UTF-8; save it as UTF-8`);
  }
}

async function readBytes(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    const shown = isPath(path) ? path : 'a text that is not a path (not shown, since it may hold a password)';
    throw new UsageError(`${shown} is not readable (${code}); allowed is a readable file, or - for standard input`);
  }
}

/** Store and file are easily swapped, and the address of a store may hold a password. */
function isPath(text: string): boolean {
  try {
    return parseStoreAddress(text).kind === 'file';
  } catch {
    return false;
  }
}
