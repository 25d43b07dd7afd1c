import { readFile } from 'node:fs/promises';
import { addAbortSignal } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { UsageError } from './outcome.ts';
import type { Surroundings } from './surroundings.ts';

/**
 * Strict: bytes that are not UTF-8 would be published as other letters than those in the file. The decoder skips a
 * byte-order mark.
 */
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** What a file or standard input holds. */
export interface ReadFile {
  /** As it was given. */
  readonly name: string;
  /** Undefined for bytes that are not UTF-8. */
  readonly text: string | undefined;
  /** What the bytes seem to be. */
  readonly encoding: 'UTF-8' | 'UTF-16' | 'another encoding than UTF-8';
}

/** The text of a file, or of standard input for `-`. @throws UsageError for a file that cannot be read */
export async function readDocument(path: string, { stdin, interrupted }: Surroundings): Promise<ReadFile> {
  const isInput = path === '-';
  const bytes = isInput ? await buffer(addAbortSignal(interrupted, stdin)) : await readBytes(path);
  const name = isInput ? 'standard input' : path;
  try {
    return { name, text: utf8.decode(bytes), encoding: 'UTF-8' };
  } catch {
    return { name, text: undefined, encoding: isUtf16(bytes) ? 'UTF-16' : 'another encoding than UTF-8' };
  }
}

/** By its byte-order mark. Windows writes it. */
function isUtf16([first, second]: Uint8Array): boolean {
  return (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
}

async function readBytes(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    const shown = (await isPath(path)) ? path : 'a text that is not a path (not shown, since it may hold a password)';
    throw new UsageError(`${shown} is not readable (${code}); allowed is a readable file, or - for standard input`);
  }
}

/** Store and file are easily swapped, and the address of a store may hold a password. */
async function isPath(text: string): Promise<boolean> {
  const { parseStoreAddress } = await import('@clarity/flags-node');
  try {
    return parseStoreAddress(text).kind === 'file';
  } catch {
    return false;
  }
}
