import { readFile } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FlagFeed, FlagSource } from '@clarity/flags-core/ports';
import { isStoreError } from '@clarity/flags-core/ports';
import { fileStore } from '@clarity/flags-file';
import { redisStore } from '@clarity/flags-redis';
import type { DemoSettings } from './settings.ts';

export interface DemoStore {
  readonly source: FlagSource;
  readonly feed: FlagFeed;
  /** Completes "with the flags in ...". */
  readonly where: string;
  /** How to change a flag, and what happens when that goes wrong, in sentences. */
  readonly howToChange: readonly string[];
  /** How long to wait for the first flags, in milliseconds. */
  readonly readyTimeoutMs: number;
}

/** The file that is followed, or that Redis is filled from. */
export function flagsPath({ flagsFile }: DemoSettings): string {
  return resolve(flagsFile ?? fileURLToPath(new URL('flags.json', import.meta.url)));
}

/** Redis when REDIS_URL is given, filled with the file's flags when it holds none; else the file. */
export async function openStore(settings: DemoSettings): Promise<DemoStore> {
  const path = flagsPath(settings);
  const shown = relative(process.cwd(), path);
  const { redisUrl } = settings;
  if (redisUrl === undefined) {
    return {
      ...fileStore({ path }),
      where: shown,
      howToChange: [
        'Edit the file (for example rolloutPercentage 25 to 100), save it and ask again: no restart.',
        'Break it (remove a comma): the last good flags stay, and the line and the health route say where.',
      ],
      // A local file is there at once, or not at all.
      readyTimeoutMs: 1_000,
    };
  }
  // Of a copy it is the script of its own package.json.
  const publishing =
    process.env['npm_lifecycle_event'] === 'start' ? 'npm run publish-flags' : 'npm run demo -- publish';
  const { source, feed, publisher } = redisStore({ url: redisUrl });
  try {
    await publisher.publish(await readFile(path, 'utf8'), 'absent', AbortSignal.timeout(5_000));
    console.log(`Redis had no flags; those of ${shown} were published.`);
  } catch (error) {
    // A conflict means that flags are there already, which is fine. Any other failure the server survives: it serves
    // flags once Redis does.
    if (!isStoreError(error) || error.reason !== 'conflict') {
      console.error(
        `The flags of ${shown} were not published: ${error instanceof Error ? error.message : String(error)}.`,
      );
    }
  } finally {
    await publisher.close();
  }
  return {
    source,
    feed,
    where: `Redis (${source.name})`,
    howToChange: [
      `Edit ${shown} (for example rolloutPercentage 25 to 100), run "${publishing}" with the same REDIS_URL, and ask again: no restart.`,
      'Break it (remove a comma), and publishing says where. Stop Redis: the last good flags stay, and the health route says why.',
    ],
    readyTimeoutMs: 3_000,
  };
}
