// A shop on Deno whose features are switched by flags.json, or by Redis when REDIS_URL is set.
import { createFlagClient } from '@clarity/flags-core';
import { fileStore } from '@clarity/flags-file';
import { bearerToken, createFlagHandler, onlyClosedRoutes, textMetrics } from '@clarity/flags-http';
import { redisStore } from '@clarity/flags-redis';

const redisUrl = Deno.env.get('REDIS_URL') ?? '';
const token = Deno.env.get('FLAGS_TOKEN');

const { source, feed } =
  redisUrl === '' ? fileStore({ path: Deno.env.get('FLAGS_FILE') ?? 'flags.json' }) : redisStore({ url: redisUrl });
const metrics = textMetrics();
const flags = createFlagClient({ source, feed, refreshMode: 'both', refreshIntervalMs: 10_000, metrics });
// A store that is down does not stop the shop: it opens with every feature off, and the client goes on trying.
await flags.ready({ timeoutMs: 2_000 }).catch((error: Error) => console.warn(error.message));

const flagRoutes = createFlagHandler({
  client: flags,
  metrics,
  // Without a token the routes that show every flag stay closed.
  ...(token !== undefined && { authorize: onlyClosedRoutes(bearerToken(token)) }),
});

const server = Deno.serve({
  hostname: Deno.env.get('HOST') ?? '127.0.0.1',
  port: Number(Deno.env.get('PORT') ?? 3000),
  onListen() {},
  handler(request) {
    const { pathname, searchParams } = new URL(request.url);
    if (flagRoutes.paths.has(pathname)) return flagRoutes(request);
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

const stop = async (): Promise<void> => {
  Deno.removeSignalListener('SIGINT', stop);
  Deno.removeSignalListener('SIGTERM', stop);
  flagRoutes.closeStreams();
  await server.shutdown();
  await flags.close();
};
Deno.addSignalListener('SIGINT', stop);
Deno.addSignalListener('SIGTERM', stop);

console.log(`The shop is open at http://${server.addr.hostname}:${server.addr.port}/checkout?user=u1`);
