/**
 * The history of a file: beside it, one line for each entry, its hash before it. Only who holds the file's lock
 * appends.
 */
import { chainHash, entryText, FIRST_PREVIOUS_HASH, type NewEntry, readEntry } from '@clarity/flags-core/adapter-kit';
import { type HistoryEntry, StoreError } from '@clarity/flags-core/ports';
import { type FileHandle, open } from 'node:fs/promises';
import { errorCode, fsError } from './fs-error.ts';

/** Where the history of a file is. */
function auditPath(file: string): string {
  return `${file}.audit.jsonl`;
}

/** The end of a history. */
export interface Head {
  readonly seq: number;
  readonly hash: string;
  readonly last: HistoryEntry | undefined;
}

const NONE: Head = { seq: 0, hash: FIRST_PREVIOUS_HASH, last: undefined };
/** Entries are below 20,000 bytes each. */
const TAIL_BYTES = 65_536;
const NEWLINE = 0x0a;

/** The history of one file, open to be written. Close it. */
export class AuditFile {
  readonly #path: string;
  readonly #handle: FileHandle;
  #head: Head;

  private constructor(path: string, handle: FileHandle, head: Head) {
    this.#path = path;
    this.#handle = handle;
    this.#head = head;
  }

  /**
   * Opens the history of a file, or begins one. What a publisher left half written when it died is taken away: its
   * document never came.
   *
   * @throws StoreError `unauthorized`, `unavailable`, or `invalid` where the last line is no entry
   */
  static async open(file: string): Promise<AuditFile> {
    const path = auditPath(file);
    let handle: FileHandle | undefined;
    try {
      handle = await open(path, 'a+', 0o600);
      return new AuditFile(path, handle, await readHead(path, handle));
    } catch (error) {
      await handle?.close();
      throw error instanceof StoreError ? error : withRemedy(fsError(error, `write the history ${path}`));
    }
  }

  get head(): Head {
    return this.#head;
  }

  /** Appends an entry, so that it lasts. */
  async append(entry: Omit<NewEntry, 'seq'>): Promise<HistoryEntry> {
    const { seq, hash: previous } = this.#head;
    const text = entryText({ seq: seq + 1, ...entry });
    const hash = await chainHash(previous, text);
    try {
      await this.#handle.appendFile(`${hash} ${text}\n`);
      await this.#handle.datasync();
    } catch (error) {
      throw withRemedy(fsError(error, `write the history ${this.#path}`));
    }
    const last = { seq: seq + 1, ...entry, hash, text };
    this.#head = { seq: seq + 1, hash, last };
    return last;
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}

async function readHead(path: string, handle: FileHandle): Promise<Head> {
  const { size } = await handle.stat();
  if (size === 0) return NONE;
  const from = Math.max(0, size - TAIL_BYTES);
  const tail = new Uint8Array(size - from);
  await handle.read(tail, 0, tail.length, from);
  const end = tail.lastIndexOf(NEWLINE);
  if (end < tail.length - 1) await handle.truncate(from + end + 1);
  if (end < 0) {
    if (from === 0) return NONE;
    throw unreadable(path);
  }
  const begin = tail.lastIndexOf(NEWLINE, end - 1) + 1;
  const last = lineEntry(new TextDecoder().decode(tail.subarray(begin, end)));
  if (last === undefined) throw unreadable(path);
  return { seq: last.seq, hash: last.hash, last };
}

/** The entry of a line: its hash, a space, its text. */
export function lineEntry(line: string): HistoryEntry | undefined {
  return line[64] === ' ' ? readEntry(line.slice(65), line.slice(0, 64)) : undefined;
}

/** The lines of a history, oldest first; none where there is no history. */
export async function auditLines(file: string): Promise<readonly string[]> {
  const path = auditPath(file);
  try {
    const handle = await open(path, 'r');
    try {
      const lines = (await handle.readFile('utf8')).split('\n');
      // What follows the last line break was cut off, or is still being written.
      return lines.slice(0, -1);
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw fsError(error, `read the history ${path}`);
  }
}

function unreadable(path: string): StoreError {
  return new StoreError(
    'invalid',
    `nothing was written: the last line of the history ${path} is no entry; look at it, and move the file away if it cannot be mended, or publish without history`,
  );
}

function withRemedy(error: StoreError): StoreError {
  return new StoreError(error.reason, `${error.message}; nothing was published. Mend that, or publish without history`);
}
