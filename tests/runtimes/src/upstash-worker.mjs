// A worker as a user writes it: Upstash as the store, metrics to a collector, all of it made at module scope.
import { env } from 'cloudflare:workers';
import { createEdgeFlagClient } from '@clarity/flags-core/edge';
import { edgeSignals } from '@clarity/flags-core/edge-signals';
import { otlpMetrics } from '@clarity/flags-otlp';
import { upstashPublisher, upstashSource } from '@clarity/flags-upstash/cloudflare';

const place = { url: env.UPSTASH_REDIS_REST_URL, token: env.UPSTASH_REDIS_REST_TOKEN };
const metrics = otlpMetrics({ url: env.OTLP_URL, temporality: 'delta', intervalMs: false });
const flags = createEdgeFlagClient({
  source: upstashSource(place),
  signals: edgeSignals({ metrics }),
  revalidateAfterMs: 1,
});
const publisher = upstashPublisher(place);

export default {
  async fetch(request, _env, ctx) {
    switch (new URL(request.url).pathname) {
      case '/flag':
        await flags.ready({ timeoutMs: 5_000 });
        flags.revalidate(ctx);
        return Response.json({ on: flags.isEnabled('banner'), state: flags.freshness().state });
      case '/refresh': {
        const { ok, reason, message } = await flags.refresh({ force: true });
        return Response.json({ ok, reason, message });
      }
      case '/publish': {
        const { text, expected } = await request.json();
        const answer = await publisher.publish(text, expected, AbortSignal.timeout(5_000)).then(
          (revision) => ({ revision }),
          ({ reason, message }) => ({ reason, message }),
        );
        return Response.json(answer);
      }
      case '/flush':
        return Response.json(await metrics.flush());
      default:
        return new Response(null, { status: 404 });
    }
  },
};
