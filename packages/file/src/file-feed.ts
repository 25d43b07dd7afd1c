import { checkedNumber, subscriptions } from '@clarity/flags-core/adapter-kit';
import type { FlagFeed } from '@clarity/flags-core/ports';
import { type FileOptions, resolveName, resolvePath } from './file-options.ts';
import { FileWatch } from './file-watch.ts';

export interface FileFeedOptions extends FileOptions {
  /**
   * How often the file is looked at (one `stat`) beside the file system's own events, in milliseconds, 50 to 60,000.
   * Default 500. This finds changes on file systems without events: network shares, some container mounts.
   */
  readonly pollIntervalMs?: number;
}

const DEFAULT_POLL_INTERVAL_MS = 500;

/**
 * Announces changes of a file, however it is changed: written in place, truncated and written, renamed over, deleted
 * and made anew, or by a symbolic link on its way that points elsewhere. It is `down` while the file's directory cannot
 * be looked at and `up` when it can again. Nothing of it keeps the process alive.
 *
 * A subscription to a directory that is not there yet starts as `down`, and is `up` once it is.
 *
 * @throws TypeError or RangeError for a bad option.
 */
export function fileFeed(options: FileFeedOptions): FlagFeed {
  const path = resolvePath(options);
  const name = resolveName(options.name, path);
  const pollIntervalMs = checkedNumber(
    'pollIntervalMs',
    options.pollIntervalMs ?? DEFAULT_POLL_INTERVAL_MS,
    50,
    60_000,
  );
  const watches = subscriptions({
    feed: `the file feed ${name}`,
    attempt: `watch ${path}`,
    make: (listener) => new FileWatch(path, pollIntervalMs, listener),
  });
  return {
    name,
    subscribe: watches.subscribe,
    close: async () => {
      watches.close();
    },
  };
}
