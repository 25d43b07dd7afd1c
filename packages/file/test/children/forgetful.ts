// Uses every role and closes nothing: the process must exit by itself all the same. Argument: directory.
import { fileCache, fileStore } from '@clarity/flags-file';
import { join } from 'node:path';

const [directory = ''] = process.argv.slice(2);
const never = new AbortController().signal;
const { source, feed, publisher } = fileStore({ path: join(directory, 'flags.json') });
await feed.subscribe({ notice: () => undefined, down: () => undefined, up: () => undefined }, never);
await publisher.publish('{"schemaVersion":1,"flags":{"a":{"status":"enabled"}}}', 'absent', never);
const held = await source.read(undefined, never);
if (held.kind !== 'document') throw new Error('the published document is not there');
const { text, revision } = held;
await fileCache({ path: join(directory, 'cache.json') }).save(
  { text, revision, source: 'file', verifiedAtMs: 1 },
  never,
);
