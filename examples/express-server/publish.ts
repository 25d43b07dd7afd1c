// Publishes a file of flags to Redis on top of what is there: `npm run publish-flags [file]` with REDIS_URL.
import { readFile } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { formatRevision, isStoreError, type Revision } from '@clarity/flags-core/ports';
import { redisStore } from '@clarity/flags-redis';
import { readSettings } from './settings.ts';
import { flagsPath } from './store.ts';

const LIMIT_MS = 10_000;

const settings = readSettings(process.env);
if ('problem' in settings || settings.redisUrl === undefined) {
  console.error('problem' in settings ? settings.problem : 'REDIS_URL is not set; for example redis://localhost:6379.');
  process.exit(1);
}
const [file = flagsPath(settings)] = process.argv.slice(2);
try {
  const text = await readFile(resolve(file), 'utf8');
  const { source, publisher, close } = redisStore({ url: settings.redisUrl });
  try {
    const signal = AbortSignal.timeout(LIMIT_MS);
    const present = await source.read(undefined, signal).then(
      ({ revision }): Revision => revision,
      (error: unknown) => {
        if (isStoreError(error) && error.reason === 'not-found') return 'absent' as const;
        throw error;
      },
    );
    // A publication between the two is not overwritten: that is a conflict.
    const revision = await publisher.publish(text, present, signal);
    console.log(`Published ${relative(process.cwd(), file)} as revision ${formatRevision(revision)}.`);
  } finally {
    await close();
  }
} catch (error) {
  console.error(`Not published: ${error instanceof Error ? error.message : String(error)}.`);
  process.exitCode = 1;
}
