// Restores documents of random length until it is killed. Argument: path.
import { filePublisher } from '@clarity/flags-file';

const [path = ''] = process.argv.slice(2);
const publisher = filePublisher({ path });
const never = new AbortController().signal;
process.send?.('ready');
for (let n = 0; ; n += 1) {
  const description = 'x'.repeat((n * 7_919) % 200_000);
  await publisher.restore(
    JSON.stringify({ schemaVersion: 1, flags: { a: { status: 'enabled', description } } }),
    never,
  );
}
