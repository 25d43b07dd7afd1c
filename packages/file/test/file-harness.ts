/** Harnesses over a real file in a directory of its own. */
import { fileCache, fileFeed, fileHistory, filePublisher, fileSource } from '@clarity/flags-file';
import { isStoreError, type StoreError } from '@clarity/flags-core/ports';
import type {
  CacheHarness,
  FeedHarness,
  HistoryHarness,
  PublisherHarness,
  SourceHarness,
} from '@clarity/flags-testing/checks';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { leftIn } from './left-beside.ts';

export async function temporaryDirectory(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'clarity-flags-file-'));
}

export const remove = (directory: string): Promise<void> => rm(directory, { recursive: true, force: true });

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const NO_HANG = 'a regular file answers or fails; pipes and devices are refused (file-source.test.ts)';
const NO_RIGHTS =
  'a test may run as root, who is refused nothing; a child process without rights is tried in rights.live.test.ts';
const NO_DOWN = 'a file is there or not; a file system that fails is tried by its error codes in fs-error.test.ts';

/**
 * Watches that the kernel holds for this process, by directory. They keep no event loop alive, so nothing else shows
 * them.
 */
async function kernelWatches(): Promise<readonly string[]> {
  const watches: string[] = [];
  for (const descriptor of await readdir('/proc/self/fdinfo')) {
    const info = await readFile(`/proc/self/fdinfo/${descriptor}`, 'utf8').catch(() => '');
    watches.push(...info.split('\n').filter((line) => line.startsWith('inotify ')));
  }
  return watches;
}

/** What is open in this process: the event loop's handles, and on Linux the kernel's watches. */
async function openResources(): Promise<readonly string[]> {
  const watches = process.platform === 'linux' ? await kernelWatches() : [];
  return [...process.getActiveResourcesInfo(), ...watches];
}

export const sourceHarness: SourceHarness = {
  impossible: { hang: NO_HANG, unauthorized: NO_RIGHTS, down: NO_DOWN },
  open: async () => {
    const directory = await temporaryDirectory();
    const path = join(directory, 'flags.json');
    return {
      source: fileSource({ path }),
      seed: (text) => writeFile(path, text),
      secrets: ['hunter2'],
      faults: {
        gone: async () => {
          const text = await readFile(path);
          await rm(path);
          return () => writeFile(path, text);
        },
        corrupt: async () => {
          const text = await readFile(path);
          await writeFile(path, Buffer.from([0x7b, 0xff, 0xfe, 0x00, 0x7d]));
          return () => writeFile(path, text);
        },
      },
      leftovers: openResources,
      dispose: () => remove(directory),
    };
  },
};

export const feedHarness: FeedHarness = {
  impossible: {
    hang: NO_HANG,
    unauthorized: NO_RIGHTS,
    gone: 'a feed has no document',
    corrupt: 'a feed has no document',
  },
  open: async () => {
    const base = await temporaryDirectory();
    const directory = join(base, 'flags');
    const path = join(directory, 'flags.json');
    await mkdir(directory);
    let n = 0;
    const change = async (): Promise<void> => {
      n += 1;
      await writeFile(path, JSON.stringify({ schemaVersion: 1, flags: { a: { status: 'enabled', metadata: { n } } } }));
    };
    await change();
    return {
      feed: fileFeed({ path, pollIntervalMs: 100 }),
      change,
      secrets: ['hunter2'],
      faults: {
        down: async () => {
          await rename(directory, `${directory}.away`);
          return async () => {
            await mkdir(directory);
            await change();
          };
        },
      },
      leftovers: openResources,
      dispose: () => remove(base),
    };
  },
};

export const publisherHarness: PublisherHarness = {
  impossible: {
    hang: NO_HANG,
    unauthorized: NO_RIGHTS,
    down: NO_DOWN,
    gone: 'publishing needs no document',
    corrupt: 'what is there is compared by its bytes',
  },
  open: async () => {
    const directory = await temporaryDirectory();
    const path = join(directory, 'flags.json');
    return {
      publisher: filePublisher({ path }),
      another: async () => filePublisher({ path }),
      stored: async () => {
        const text = await readFile(path, 'utf8').catch(() => undefined);
        return text === undefined ? undefined : { text, revision: { hash: sha256(text) } };
      },
      snapshot: async () => {
        const text = await readFile(path);
        return () => writeFile(path, text);
      },
      secrets: ['hunter2'],
      faults: {},
      leftovers: async () => {
        const beside = leftIn(directory).filter((name) => name !== 'flags.json');
        return [...(await openResources()), ...beside];
      },
      dispose: () => remove(directory),
    };
  },
};

export const historyHarness: HistoryHarness = {
  impossible: {
    hang: NO_HANG,
    unauthorized: NO_RIGHTS,
    down: NO_DOWN,
    gone: 'an empty history is no fault',
    corrupt: 'see the tests of the history',
  },
  open: async () => {
    const directory = await temporaryDirectory();
    const path = join(directory, 'flags.json');
    return {
      history: fileHistory({ path }),
      publisher: filePublisher({ path }),
      another: async () => filePublisher({ path }),
      stored: async () => {
        const text = await readFile(path, 'utf8').catch(() => undefined);
        return text === undefined ? undefined : { text, revision: { hash: sha256(text) } };
      },
      secrets: ['hunter2'],
      faults: {},
      leftovers: openResources,
      dispose: () => remove(directory),
    };
  },
};

export const cacheHarness: CacheHarness = {
  impossible: { hang: NO_HANG, unauthorized: NO_RIGHTS, down: NO_DOWN, gone: 'an empty cache is not a fault' },
  open: async () => {
    const directory = await temporaryDirectory();
    const path = join(directory, 'cache', 'last-known-good.json');
    const maxBytes = 100_000;
    return {
      cache: fileCache({ path, maxBytes }),
      reopen: async () => fileCache({ path, maxBytes }),
      tooLarge: { text: 'x'.repeat(maxBytes + 1), revision: { hash: 'a' }, source: 'primary', verifiedAtMs: 1 },
      secrets: ['hunter2'],
      faults: {
        corrupt: async () => {
          const content = await readFile(path, 'utf8');
          await writeFile(path, content.slice(0, content.length / 2));
          return async () => undefined;
        },
      },
      leftovers: async () => {
        const beside = (await readdir(join(directory, 'cache')).catch(() => [])).filter((name) =>
          name.endsWith('.tmp'),
        );
        return [...(await openResources()), ...beside];
      },
      dispose: () => remove(directory),
    };
  },
};

/** What a call that must be refused rejected with. */
export async function refusal(refused: Promise<unknown>): Promise<StoreError> {
  const error: unknown = await refused.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!isStoreError(error)) throw new Error('it did not reject with a StoreError');
  return error;
}
