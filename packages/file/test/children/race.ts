// Publishes on top of what it finds, as often as told, and counts. Arguments: path, name of this racer, publishes to
// win.
import { filePublisher, fileSource } from '@clarity/flags-file';
import { isStoreError } from '@clarity/flags-core/ports';

const [path = '', racer = '', wanted = '0'] = process.argv.slice(2);
const never = new AbortController().signal;
const source = fileSource({ path });
const publisher = filePublisher({ path });
let won = 0;
let conflicts = 0;

process.send?.('ready');
await new Promise((resolve) => {
  process.once('message', resolve);
});
while (won < Number(wanted)) {
  const held = await source.read(undefined, never);
  if (held.kind !== 'document') throw new Error('the source knows no revision and says unchanged');
  const document = JSON.parse(held.text) as { flags: Record<string, unknown> };
  document.flags[`${racer}_${won}`] = { status: 'enabled' };
  try {
    await publisher.publish(JSON.stringify(document), held.revision, never);
    won += 1;
  } catch (error) {
    if (!isStoreError(error) || error.reason !== 'conflict') throw error;
    conflicts += 1;
  }
}
await Promise.all([publisher.close(), source.close()]);
process.send?.({ won, conflicts });
process.disconnect();
