import { CallScope, checkedMaxBytes } from '@clarity/flags-core/adapter-kit';
import {
  isCounted,
  type FlagSource,
  isStoreError,
  type ReadResult,
  type Revision,
  StoreError,
} from '@clarity/flags-core/ports';
import { pause } from './pause.ts';
import { MOST_BYTES, resolveName, resolvePath, type SizedFileOptions } from './file-options.ts';
import { sameFingerprint, touchedWithin, type Fingerprint } from './fingerprint.ts';
import { readWhole, statRegular } from './read-whole.ts';

export type FileSourceOptions = SizedFileOptions;

/**
 * Time stamps of a file system may stand still this long (FAT: 2 s), so a file read within this time of its last change
 * may have changed once more under the same stamp. Its content is compared instead.
 */
const STAMP_RESOLUTION_MS = 2_000;
/** Editors that save by delete-and-create leave no file for a moment; one that was there is looked for once more. */
const REPLACEMENT_GAP_MS = 50;

/** A reading whose fingerprint stands for its content. */
interface Verified {
  readonly print: Fingerprint;
  readonly hash: string;
  readonly modifiedAtMs: number;
}

/**
 * A JSON file as a source. The revision is `{ hash }`: SHA-256 of the file's bytes. A check of an unchanged file costs
 * one `stat`. The text must be UTF-8; a byte-order mark at its start is passed along with the text, and the decoder
 * skips it.
 *
 * `read` rejects with `not-found`, `unauthorized`, `invalid` (a directory, a pipe, not UTF-8), `too-large`,
 * `unavailable` (it kept changing, the disk failed) or `timeout` (the caller's signal).
 *
 * @throws TypeError or RangeError for a bad option.
 */
export function fileSource(options: FileSourceOptions): FlagSource {
  const path = resolvePath(options);
  const name = resolveName(options.name, path);
  const maxBytes = checkedMaxBytes(options.maxBytes, MOST_BYTES);
  const scope = new CallScope(`the file source ${name}`);
  let verified: Verified | undefined;
  let seen = false;

  async function read(known: Revision | undefined, signal: AbortSignal): Promise<ReadResult> {
    const knownHash = known === undefined || isCounted(known) ? undefined : known.hash;
    if (
      verified !== undefined &&
      verified.hash === knownHash &&
      sameFingerprint(await statRegular(path), verified.print)
    ) {
      return { kind: 'unchanged', revision: { hash: verified.hash }, publishedAtMs: verified.modifiedAtMs };
    }
    signal.throwIfAborted();
    const file = await readWhole(
      path,
      { maxBytes, settle: true, ...(knownHash !== undefined && { knownHash }) },
      signal,
    );
    const modifiedAtMs = Number(file.print.modifiedNs / 1_000_000n);
    seen = true;
    verified = touchedWithin(file.print, file.readAtMs, STAMP_RESOLUTION_MS)
      ? undefined
      : { print: file.print, hash: file.hash, modifiedAtMs };
    const reading = { revision: { hash: file.hash }, publishedAtMs: modifiedAtMs };
    if (file.hash === knownHash) return { kind: 'unchanged', ...reading };
    return { kind: 'document', text: decodeUtf8(file.bytes, path, file.hash), complete: true, ...reading };
  }

  async function readAgainIfGone(known: Revision | undefined, signal: AbortSignal): Promise<ReadResult> {
    try {
      return await read(known, signal);
    } catch (error) {
      if (!seen || !isStoreError(error) || error.reason !== 'not-found') throw error;
      seen = false;
      await pause(REPLACEMENT_GAP_MS, signal);
      return read(known, signal);
    }
  }

  return {
    name,
    read: (known, signal) => scope.run(`read ${path}`, signal, (ending) => readAgainIfGone(known, ending)),
    close: async () => scope.close(),
  };
}

/**
 * Strict, because a replacement character could end up in a flag key; and the hash would no longer be that of the text.
 */
function decodeUtf8(bytes: Uint8Array, path: string, hash: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    const utf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
    const found = utf16 ? 'it is UTF-16' : 'it holds bytes that are not UTF-8';
    throw new StoreError('invalid', `cannot read ${path}: ${found}; save it as UTF-8`, { cause, revision: { hash } });
  }
}
