// Serves the application on Node. On Bun or Deno `Bun.serve(app)` or `Deno.serve(app.fetch)` takes the place of the
// last lines.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createFlagClient } from '@clarity/flags-core';
import { fileStore } from '@clarity/flags-file';
import { bearerToken, createFlagHandler, onlyClosedRoutes, textMetrics } from '@clarity/flags-http';
import { nodeListener } from '@clarity/flags-http/node';
import { createApp } from './app.ts';

const { FLAGS_FILE = 'flags.json', FLAGS_TOKEN, HOST = '127.0.0.1', PORT = '3000' } = process.env;

const metrics = textMetrics();
const { source, feed } = fileStore({ path: FLAGS_FILE });
const flags = createFlagClient({ source, feed, refreshMode: 'both', refreshIntervalMs: 10_000, metrics });
await flags.ready({ timeoutMs: 2_000 }).catch((error: Error) => console.warn(error.message));

const flagRoutes = createFlagHandler({
  client: flags,
  metrics,
  prefix: '/ops/flags',
  metricsPrefix: '/ops/metrics',
  // Without a token the routes that show every flag stay closed.
  ...(FLAGS_TOKEN !== undefined && { authorize: onlyClosedRoutes(bearerToken(FLAGS_TOKEN)) }),
});
const app = createApp(flags, flagRoutes);

const server = createServer(nodeListener(async (request) => app.fetch(request)));
await once(server.listen(Number(PORT), HOST), 'listening');

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, async () => {
    flagRoutes.closeStreams();
    const closed = once(server.close(), 'close');
    // Requests that are still being answered have this long.
    setTimeout(() => server.closeAllConnections(), 1_000).unref();
    await closed;
    await flags.close();
  });
}

console.log(`Search at http://${HOST}:${(server.address() as AddressInfo).port}/search?user=u1`);
