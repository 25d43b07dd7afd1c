// The API of a health platform: `npm run example -- clarity-digital-twin`.
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createTwinApp } from './app.ts';

const {
  FLAGS_FILE = 'flags.json',
  FLAGS_TOKEN = randomBytes(18).toString('base64url'),
  HOST = '127.0.0.1',
  PORT = '3000',
} = process.env;

const { app, flags } = await createTwinApp({ flagsFile: FLAGS_FILE, token: FLAGS_TOKEN });
const server = app.listen(Number(PORT), HOST);
await once(server, 'listening');

flags.on('changed', ({ keys }) => console.log(`Changed: ${keys.join(', ') || 'no flag'}`));

// The flags close when the server has closed, and then nothing holds the process.
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    server.close();
    // Requests that are still being answered have this long.
    setTimeout(() => server.closeAllConnections(), 1_000).unref();
  });
}

const address = `http://${HOST}:${(server.address() as AddressInfo).port}`;
console.log(`Twins live at ${address}/twins/u1

  curl ${address}/twins/u1/features
  curl -H 'Authorization: Bearer ${FLAGS_TOKEN}' ${address}/feature-flags/health
  curl -H 'Authorization: Bearer ${FLAGS_TOKEN}' -X POST ${address}/feature-flags/refresh
`);
