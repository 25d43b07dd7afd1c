// A worker as a user writes it: client and handler at module scope, flags verified within requests.
import { createEdgeFlagClient } from '@clarity/flags-core/edge';
import { edgeSignals } from '@clarity/flags-core/edge-signals';
import { bearerToken, createFlagHandler, onlyClosedRoutes, textMetrics } from '@clarity/flags-http';

let version = 1;
const source = {
  name: 'in memory',
  read: async () => ({
    kind: 'document',
    text: JSON.stringify({ schemaVersion: 1, flags: { banner: { status: version === 1 ? 'disabled' : 'enabled' } } }),
    revision: { epoch: 1, version },
  }),
  close: async () => {},
};
const metrics = textMetrics();
const client = createEdgeFlagClient({ source, signals: edgeSignals({ metrics }) });
const flagRoutes = createFlagHandler({
  client,
  metrics,
  authorize: onlyClosedRoutes(bearerToken('the-token-of-the-worker-test')),
  page: true,
  stream: { heartbeatMs: 200 },
});

export default {
  async fetch(request, _env, context) {
    client.revalidate(context);
    if (new URL(request.url).pathname === '/publish') {
      version += 1;
      return Response.json(await client.refresh({ force: true }));
    }
    return flagRoutes(request);
  },
};
