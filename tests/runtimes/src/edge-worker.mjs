import { createEdgeFlagClient } from '@clarity/flags-core/edge';

// Made at module scope, where workerd allows no I/O, no timer and no random number.
let hanging = false;
let reads = 0;
const source = {
  name: 'store',
  async read(known, signal) {
    reads += 1;
    const response = await fetch(`http://store/?hang=${hanging}`, { signal });
    const text = await response.text();
    const revision = { hash: text };
    return known?.hash === text ? { kind: 'unchanged', revision } : { kind: 'document', text, revision };
  },
  close: async () => {},
};
const flags = createEdgeFlagClient({
  source,
  bootstrap: { schemaVersion: 1, flags: { on: { status: 'disabled' } } },
  timeoutMs: 300,
  revalidateAfterMs: 1,
  staleAfterMs: 60_000,
});

export default {
  async fetch(request, _env, ctx) {
    const { pathname } = new URL(request.url);
    const tell = () => Response.json({ on: flags.isEnabled('on'), state: flags.freshness().state, reads });
    switch (pathname) {
      case '/now':
        flags.revalidate(ctx);
        return tell();
      case '/ready':
        await flags.ready({ timeoutMs: 2_000 });
        return tell();
      // A request that begins a read which hangs, keeps nothing alive, and ends.
      case '/orphan':
        hanging = true;
        flags.revalidate();
        hanging = false;
        return tell();
      case '/refresh': {
        const { ok, reason } = await flags.refresh({ force: true });
        return Response.json({ ok, reason, reads });
      }
      default:
        return new Response(null, { status: 404 });
    }
  },
};
