import { CallScope, checkedMaxBytes } from '@clarity/flags-core/adapter-kit';
import { type CachedSnapshot, type Revision, type SnapshotCache, StoreError } from '@clarity/flags-core/ports';
import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { contentHash } from './content-hash.ts';
import { temporaryPath } from './exclusive-lock.ts';
import { MOST_BYTES, resolveName, resolvePath, type SizedFileOptions } from './file-options.ts';
import { fsError } from './fs-error.ts';
import { readPrivate } from './private-file.ts';
import { tooLarge } from './read-whole.ts';
import { replaceFile } from './replace-file.ts';

export type FileCacheOptions = SizedFileOptions;

/** Raised when the envelope changes so that an older version would misread it. */
const FORMAT = 1;
/** Room for the envelope and for JSON's escapes beside the document itself. */
const ENVELOPE_FACTOR = 6;
const ENVELOPE_BYTES = 4_096;

interface Envelope extends CachedSnapshot {
  readonly format: typeof FORMAT;
  /** SHA-256 of `text`: a cut or edited file is not served. */
  readonly textHash: string;
}

/**
 * The last known good document in a file of mode 0600, replaced whole, so that a process that starts while the store is
 * down has flags. The directory is made (mode 0700) when it is missing. On POSIX, a file that other users could have
 * written is refused. Processes may share one path: the last to save wins.
 *
 * `load` and `save` reject with `invalid` (corrupt, or writable by others), `too-large`, `unauthorized`, `unavailable`
 * or `timeout` (the caller's signal); each message names the path.
 *
 * @throws TypeError or RangeError for a bad option.
 */
export function fileCache(options: FileCacheOptions): SnapshotCache {
  const path = resolvePath(options);
  const name = resolveName(options.name, path);
  const maxBytes = checkedMaxBytes(options.maxBytes, MOST_BYTES);
  const scope = new CallScope(`the cache ${name}`);
  let saving: Promise<void> = Promise.resolve();

  async function load(signal: AbortSignal): Promise<CachedSnapshot | undefined> {
    const content = await readPrivate(path, maxBytes * ENVELOPE_FACTOR + ENVELOPE_BYTES);
    signal.throwIfAborted();
    return content === undefined ? undefined : parseEnvelope(content, path);
  }

  async function save(snapshot: CachedSnapshot, signal: AbortSignal): Promise<void> {
    const size = Buffer.byteLength(snapshot.text);
    if (size > maxBytes) throw tooLarge(`the document for ${path}`, size, maxBytes);
    const { text, revision, source, verifiedAtMs } = snapshot;
    const envelope: Envelope = { format: FORMAT, source, revision, verifiedAtMs, textHash: contentHash(text), text };
    await makeDirectory(path);
    await replaceFile({
      path,
      temporary: temporaryPath(path, randomBytes(16).toString('hex')),
      text: JSON.stringify(envelope),
      mode: 0o600,
      beforeRename: async () => signal.throwIfAborted(),
    });
  }

  return {
    name,
    load: (signal) => scope.run(`read the cache ${path}`, signal, load),
    save: (snapshot, signal) =>
      scope.run(`write the cache ${path}`, signal, (ending) => {
        // In turn, or the rename of an earlier save could land last.
        const turn = saving.then(() => {
          ending.throwIfAborted();
          return save(snapshot, ending);
        });
        saving = turn.catch(() => undefined);
        return turn;
      }),
  };
}

async function makeDirectory(path: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  } catch (error) {
    throw fsError(error, `make the directory ${dirname(path)} for the cache`);
  }
}

function parseEnvelope(content: string, path: string): CachedSnapshot {
  let parsed: unknown;
  try {
    parsed = JSON.parse(content);
  } catch {
    throw corrupt(path, 'it is not JSON');
  }
  if (typeof parsed !== 'object' || parsed === null) throw corrupt(path, 'it is not a JSON object');
  const { format, text, textHash, revision, source, verifiedAtMs } = parsed as {
    readonly [key in keyof Envelope]?: unknown;
  };
  if (format !== FORMAT)
    throw corrupt(path, `its format is ${describeFormat(format)} and this version reads ${FORMAT}`);
  if (typeof text !== 'string' || contentHash(text) !== textHash)
    throw corrupt(path, 'its text does not match its hash');
  if (typeof source !== 'string' || source === '') throw corrupt(path, 'it does not name its source');
  if (!Number.isFinite(verifiedAtMs) || (verifiedAtMs as number) < 0)
    throw corrupt(path, 'it does not say when it was verified');
  const known = parseRevision(revision);
  if (known === undefined) throw corrupt(path, 'its revision is malformed');
  return { text, revision: known, source, verifiedAtMs: verifiedAtMs as number };
}

function parseRevision(value: unknown): Revision | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { epoch, version, hash } = value as {
    readonly epoch?: unknown;
    readonly version?: unknown;
    readonly hash?: unknown;
  };
  if (hash !== undefined && (typeof hash !== 'string' || hash === '')) return undefined;
  if (isWhole(epoch) && isWhole(version)) return { epoch, version, ...(hash !== undefined && { hash }) };
  return epoch === undefined && version === undefined && hash !== undefined ? { hash } : undefined;
}

function isWhole(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function describeFormat(format: unknown): string {
  return typeof format === 'number' ? String(format) : 'missing';
}

function corrupt(path: string, found: string): StoreError {
  return new StoreError(
    'invalid',
    `the cache ${path} is corrupt: ${found}; delete it, it is written again after the next good read`,
  );
}
