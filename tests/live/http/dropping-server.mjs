// A server of the runtime that runs this. Once somebody follows its stream, it shows new flags, by the megabyte, until
// it has dropped who does not read them; then it says so.
import { createFlagClient } from '@clarity/flags-core';
import { createFlagHandler } from '@clarity/flags-http';

const names = Array.from({ length: 20_000 }, (_, n) => `flag_${n}`);
let version = 1;
const source = {
  name: 'growing',
  read: () => {
    const flags = Object.fromEntries(names.map((name) => [name, { status: version % 2 ? 'enabled' : 'disabled' }]));
    return Promise.resolve({
      kind: 'document',
      text: JSON.stringify({ schemaVersion: 1, flags }),
      revision: { epoch: 1, version },
    });
  },
  close: () => Promise.resolve(),
};
const client = createFlagClient({ source, refreshMode: 'none', variables: false });
await client.refresh();
const handler = createFlagHandler({ client, authorize: () => true, stream: { maxBufferedBytes: 1_024 } });

async function listening(port) {
  console.log(`port ${port}`);
  const streams = async () => (await (await handler(new Request('http://a/feature-flags/status'))).json()).stream;
  for (;;) {
    const { clients, dropped } = await streams();
    if (dropped > 0) break;
    if (clients > 0) {
      version += 1;
      await client.refresh();
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  console.log('dropped');
}

if (globalThis.Bun !== undefined) {
  await listening(Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: (request) => handler(request) }).port);
} else if (globalThis.Deno !== undefined) {
  Deno.serve({ port: 0, hostname: '127.0.0.1', onListen: ({ port }) => void listening(port) }, (request) =>
    handler(request),
  );
} else {
  const { createServer } = await import('node:http');
  const { nodeListener } = await import('@clarity/flags-http/node');
  const server = createServer(nodeListener(handler));
  server.listen(0, '127.0.0.1', () => listening(server.address().port));
}
