// A shop at the edge. The client is made at module scope, where nothing may be read yet: the first request of an
// isolate waits for the flags, later ones are answered at once and have them verified behind the answer.
import { env } from 'cloudflare:workers';
import { createEdgeFlagClient, type RequestContext } from '@clarity/flags-core/edge';
import { edgeSignals } from '@clarity/flags-core/edge-signals';
import { otlpMetrics } from '@clarity/flags-otlp';
import { upstashSource } from '@clarity/flags-upstash/cloudflare';

const EXPORT_EVERY_MS = 60_000;
let exportedAtMs = 0;

// Nobody can scrape an isolate, so it pushes.
const metrics =
  env.OTLP_URL === undefined
    ? undefined
    : otlpMetrics({
        url: env.OTLP_URL,
        temporality: 'delta',
        intervalMs: false,
        resource: { 'service.name': 'shop' },
        onError: ({ message }) => console.error(message),
      });

const flags = createEdgeFlagClient({
  source: upstashSource({
    url: env.UPSTASH_REDIS_REST_URL,
    token: env.UPSTASH_REDIS_REST_TOKEN,
    ...(env.FLAGS_NAMESPACE !== undefined && { namespace: env.FLAGS_NAMESPACE }),
  }),
  revalidateAfterMs: Number(env.FLAGS_REVALIDATE_AFTER_MS ?? 30_000),
  signals: edgeSignals({
    log: ({ level, message }) => console[level === 'error' ? 'error' : 'warn'](message),
    ...(metrics !== undefined && { metrics }),
  }),
});

export default {
  async fetch(request: Request, _env: unknown, context: RequestContext): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname !== '/checkout') return new Response('Try /checkout?user=u1\n', { status: 404 });

    // Resolved at once, but for the first requests of an isolate; and never later than this.
    await flags.ready({ timeoutMs: 1_000 });
    flags.revalidate(context);
    if (metrics !== undefined && Date.now() - exportedAtMs > EXPORT_EVERY_MS) {
      exportedAtMs = Date.now();
      context.waitUntil(metrics.flush());
    }

    const userId = searchParams.get('user') ?? undefined;
    return Response.json({
      checkout: flags.isEnabled('new_checkout', { userId }) ? 'one page' : 'three pages',
      shipping: flags.isEnabled('free_shipping', { userId }) ? 0 : 4.9,
      flags: flags.freshness().state,
    });
  },
};
