// A Node server with the built handler that tells its parent, when asked, what it holds: started with --expose-gc and
// IPC.
import { createServer } from 'node:http';
import { setImmediate as turn } from 'node:timers/promises';
import { createFlagClient } from '@clarity/flags-core';
import { createFlagHandler, textMetrics } from '@clarity/flags-http';
import { nodeListener } from '@clarity/flags-http/node';

const flags = Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`flag_${n}`, { status: 'enabled' }]));
let version = 1;
const source = {
  name: 'in memory',
  read: async () => ({
    kind: 'document',
    text: JSON.stringify({
      schemaVersion: 1,
      flags: { ...flags, version: { status: 'enabled', description: `${version}` } },
    }),
    revision: { epoch: 1, version },
  }),
  close: async () => {},
};
const metrics = textMetrics();
const client = createFlagClient({ source, metrics, refreshMode: 'none', variables: false });
await client.ready();
const handler = createFlagHandler({ client, metrics, authorize: () => true, stream: { heartbeatMs: 1_000 } });
const server = createServer(nodeListener(handler));
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));

process.on('message', async (message) => {
  const { user, system } = process.cpuUsage();
  if (message === 'change') {
    version += 1;
    process.send({ changed: await client.refresh() });
    return;
  }
  // What ended a moment ago has yet to be let go of.
  for (let round = 0; round < 5; round += 1) {
    await turn();
    globalThis.gc();
  }
  const { heapUsed, external, rss } = process.memoryUsage();
  const timers = process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  process.send({ measured: { heapUsed, external, rss, timers, cpuMs: (user + system) / 1_000 } });
});
