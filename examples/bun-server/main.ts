// A shop on Bun whose features are switched by flags.json, or by the store that REDIS_URL or FEATURE_FLAG_STORE_URL
// names.
import { bearerToken, createFlagHandler, onlyClosedRoutes, textMetrics } from '@clarity/flags-http';
import { createFlagClientFromEnv } from '@clarity/flags-node';

const { FLAGS_TOKEN, HOST = '127.0.0.1', PORT = '3000' } = process.env;

const metrics = textMetrics();
const flags = await createFlagClientFromEnv({ refreshMode: 'both', refreshIntervalMs: 10_000, metrics });
// A store that is down does not stop the shop: it opens with every feature off, and the client goes on trying.
await flags.ready({ timeoutMs: 2_000 }).catch((error: Error) => console.warn(error.message));

const flagRoutes = createFlagHandler({
  client: flags,
  metrics,
  // Without a token the routes that show every flag stay closed.
  ...(FLAGS_TOKEN !== undefined && { authorize: onlyClosedRoutes(bearerToken(FLAGS_TOKEN)) }),
});

const server = Bun.serve({
  hostname: HOST,
  port: PORT,
  // Routes see the path as it was typed; fetch sees it resolved, where `/x/../metrics/…` would get around a proxy's
  // rule.
  routes: Object.fromEntries([...flagRoutes.paths].map((path) => [path, (request: Request) => flagRoutes(request)])),
  fetch(request) {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname !== '/checkout') return new Response('Try /checkout?user=u1\n', { status: 404 });
    // One snapshot for the whole request: two questions never see two different documents.
    const asked = flags.forContext({ userId: searchParams.get('user') ?? undefined });
    return Response.json({
      checkout: asked.isEnabled('new_checkout') ? 'one page' : 'three pages',
      shipping: asked.isEnabled('free_shipping') ? 0 : 4.9,
    });
  },
});

flags.on('changed', ({ keys }) => console.log(`Changed: ${keys.join(', ') || 'no flag'}`));

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, async () => {
    flagRoutes.closeStreams();
    await server.stop();
    await flags.close();
  });
}

console.log(`The shop is open at ${server.url.href}checkout?user=u1`);
