// A server of the runtime that runs this, over a file of flags, with the built packages: what the README of http shows.
import { createFlagClient } from '@clarity/flags-core';
import { fileStore } from '@clarity/flags-file';
import { bearerToken, createFlagHandler, onlyClosedRoutes, textMetrics } from '@clarity/flags-http';

const { FLAGS_FILE, FLAGS_TOKEN, HEARTBEAT_MS = '8000', BUN_ROUTES, HONO } = process.env;
const { source, feed } = fileStore({ path: FLAGS_FILE });
const metrics = textMetrics();
const client = createFlagClient({ source, feed, metrics, refreshMode: 'both' });
await client.ready();
const flagRoutes = createFlagHandler({
  client,
  metrics,
  authorize: onlyClosedRoutes(bearerToken(FLAGS_TOKEN)),
  page: true,
  stream: { heartbeatMs: Number(HEARTBEAT_MS) },
});
const handler = HONO === undefined ? flagRoutes : await inHono();

async function inHono() {
  const { Hono } = await import('hono');
  return new Hono()
    .all('/feature-flags/*', (c) => flagRoutes(c.req.raw))
    .all('/metrics/feature-flags/*', (c) => flagRoutes(c.req.raw))
    .get('/', (c) => c.text('app')).fetch;
}

if (globalThis.Bun !== undefined) {
  const routes = Object.fromEntries([...flagRoutes.paths].map((path) => [path, (request) => flagRoutes(request)]));
  const served =
    BUN_ROUTES === undefined
      ? { fetch: (request) => handler(request) }
      : { routes, fetch: () => new Response('app', { status: 404 }) };
  const { port } = Bun.serve({ port: 0, hostname: '127.0.0.1', ...served });
  console.log(`port ${port}`);
} else if (globalThis.Deno !== undefined) {
  const onListen = ({ port }) => console.log(`port ${port}`);
  Deno.serve({ port: 0, hostname: '127.0.0.1', onListen }, (request) => handler(request));
} else {
  const { createServer } = await import('node:http');
  const { nodeListener } = await import('@clarity/flags-http/node');
  const server = createServer(nodeListener(handler));
  server.listen(0, '127.0.0.1', () => console.log(`port ${server.address().port}`));
}
