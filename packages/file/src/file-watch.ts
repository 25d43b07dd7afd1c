/** One subscription to the changes of one path: events of the directories on its way, and a slow poll beside them. */
import { type FeedListener, StoreError } from '@clarity/flags-core/ports';
import { watch } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { clearInterval, clearTimeout, setImmediate, setInterval, setTimeout } from 'node:timers';
import { type Fingerprint, fingerprintOf, sameFingerprint } from './fingerprint.ts';
import { errorCode, fsError } from './fs-error.ts';
import { pathChain, type PathChain } from './path-chain.ts';

/** Events come in bursts (truncate, write, write, rename); the first of a burst is answered after this long. */
const BURST_MS = 20;
/** A look that takes longer than this means a file system that hangs: the feed is down until it answers. */
const HANGING_MS = 5_000;

const ON_DENO = 'Deno' in globalThis;

/** The part of a watcher that is used. */
interface DirectoryWatcher {
  close(): void;
  on(event: 'error', listener: () => void): unknown;
}

/** Watches one directory. Throws where the file system has no events, or the kernel no watches left. */
export type WatchDirectory = (
  directory: string,
  onEvent: (event: string, name: string | null) => void,
) => DirectoryWatcher;

const watchByEvents: WatchDirectory = (directory, onEvent) => {
  const watcher = watch(directory, { persistent: false }, (event, name) => {
    onEvent(event, name);
    // Deno's waits anew after each event, and would keep the process from then on.
    if (ON_DENO) setImmediate(() => watcher.unref());
  });
  watcher.unref();
  return watcher;
};
type Sight =
  | { readonly kind: 'file'; readonly print: Fingerprint }
  | { readonly kind: 'missing' }
  | { readonly kind: 'lost'; readonly error: StoreError };

export class FileWatch {
  readonly #path: string;
  readonly #pollIntervalMs: number;
  readonly #listener: FeedListener;
  readonly #watchDirectory: WatchDirectory;
  readonly #watchers = new Map<string, DirectoryWatcher>();
  #chain: PathChain = new Map();
  #sight: Sight = { kind: 'missing' };
  #down = false;
  #ended = false;
  #poll: NodeJS.Timeout | undefined;
  #burst: NodeJS.Timeout | undefined;
  #lookingSinceMs: number | undefined;
  #touched = false;
  #renamed = false;

  constructor(path: string, pollIntervalMs: number, listener: FeedListener, watchDirectory = watchByEvents) {
    this.#path = path;
    this.#pollIntervalMs = pollIntervalMs;
    this.#listener = listener;
    this.#watchDirectory = watchDirectory;
  }

  /** Resolves when every later change will be seen: what is there now is known, and the watchers are set. */
  async start(): Promise<void> {
    this.#sight = await see(this.#path);
    await this.#watchChain();
    if (this.#ended) return;
    this.#poll = setInterval(() => this.#onPoll(), this.#pollIntervalMs);
    this.#poll.unref();
    if (this.#sight.kind === 'lost') this.#soon();
  }

  /** Stops at once: no call to the listener follows. Idempotent. */
  end(): void {
    this.#ended = true;
    clearInterval(this.#poll);
    clearTimeout(this.#burst);
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
  }

  #onPoll(): void {
    if (this.#lookingSinceMs === undefined) {
      void this.#look();
    } else if (!this.#down && performance.now() - this.#lookingSinceMs > HANGING_MS) {
      this.#setDown(
        new StoreError(
          'timeout',
          `${this.#path}: the file system has not answered for ${HANGING_MS} ms; look at the mount`,
        ),
      );
    }
  }

  #onEvent(event: string, directory: string, name: string | null): void {
    if (name !== null && this.#chain.get(directory)?.has(name) !== true) return;
    this.#touched = true;
    if (event === 'rename') this.#renamed = true;
    this.#soon();
  }

  #soon(): void {
    if (this.#ended || this.#burst !== undefined) return;
    this.#burst = setTimeout(() => {
      this.#burst = undefined;
      void this.#look();
    }, BURST_MS);
    this.#burst.unref();
  }

  /**
   * Looks at the path and tells the listener what became of it. One look at a time; an event during one asks for
   * another.
   */
  async #look(): Promise<void> {
    if (this.#ended || this.#lookingSinceMs !== undefined) return;
    this.#lookingSinceMs = performance.now();
    const touched = this.#touched;
    const renamed = this.#renamed;
    this.#touched = false;
    this.#renamed = false;
    try {
      const sight = await see(this.#path);
      const changed = !sameSight(sight, this.#sight);
      // The way to the file may have changed with it: a link points elsewhere, a directory was made anew.
      if (renamed || !sameInode(sight, this.#sight)) await this.#watchChain();
      if (this.#ended) return;
      this.#sight = sight;
      if (sight.kind === 'lost') this.#setDown(sight.error);
      else if (this.#down) this.#setUp();
      else if (changed || touched) this.#tell(() => this.#listener.notice({ kind: 'changed' }));
    } finally {
      this.#lookingSinceMs = undefined;
      if (this.#touched) this.#soon();
    }
  }

  async #watchChain(): Promise<void> {
    const chain = await pathChain(this.#path);
    if (this.#ended) return;
    this.#chain = chain;
    // All anew, since a watcher does not say whether its directory is still the one at that path.
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
    for (const directory of chain.keys()) this.#addWatcher(directory);
  }

  #addWatcher(directory: string): void {
    try {
      const watcher = this.#watchDirectory(directory, (event, name) => this.#onEvent(event, directory, name));
      // A watcher that fails (no watches left, directory gone) is not a loss of the feed: the poll goes on.
      watcher.on('error', () => watcher.close());
      this.#watchers.set(directory, watcher);
    } catch {
      this.#watchers.delete(directory);
    }
  }

  #setDown(error: StoreError): void {
    if (this.#down) return;
    this.#down = true;
    this.#tell(() => this.#listener.down(error));
  }

  #setUp(): void {
    this.#down = false;
    this.#tell(() => this.#listener.up());
  }

  /** Listeners must not throw; one that does must not stop the watching. */
  #tell(call: () => void): void {
    if (this.#ended) return;
    try {
      call();
    } catch {
      // The engine counts what its own listener throws (F45); a feed has no log.
    }
  }
}

/**
 * Never rejects. A file that is missing from a directory that is there can be waited for; otherwise the path is lost.
 */
async function see(path: string): Promise<Sight> {
  try {
    return { kind: 'file', print: fingerprintOf(await stat(path, { bigint: true })) };
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') return { kind: 'lost', error: fsError(error, `watch ${path}`) };
  }
  try {
    await stat(dirname(path));
    return { kind: 'missing' };
  } catch (error) {
    return { kind: 'lost', error: fsError(error, `watch ${path} in ${dirname(path)}`) };
  }
}

function sameInode(a: Sight, b: Sight): boolean {
  if (a.kind !== 'file' || b.kind !== 'file') return false;
  return a.print.device === b.print.device && a.print.inode === b.print.inode;
}

function sameSight(a: Sight, b: Sight): boolean {
  if (a.kind === 'file' && b.kind === 'file') return sameFingerprint(a.print, b.print);
  return a.kind === b.kind;
}
