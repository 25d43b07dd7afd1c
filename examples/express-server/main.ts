// An Express server whose features are switched by a file, or by Redis when REDIS_URL is set. `npm run demo` builds the
// packages and starts it.
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setupFeatureFlags } from '@clarity/flags-express';
import { printableLine } from '@clarity/flags-core/adapter-kit';
import { isStoreError } from '@clarity/flags-core/ports';
import { bearerToken, onlyClosedRoutes } from '@clarity/flags-http';
import express from 'express';
import { addRoutes, whoAsks } from './routes.ts';
import { readSettings } from './settings.ts';
import { openStore } from './store.ts';

const settings = readSettings(process.env);
if ('problem' in settings) {
  console.error(settings.problem);
  process.exit(1);
}
const store = await openStore(settings).catch((error: unknown) => {
  // REDIS_URL is not an address. Any other failure may pass, so it is waited for.
  console.error(isStoreError(error) ? `REDIS_URL: ${error.message}.` : error);
  process.exit(1);
});

const app = express();
app.disable('x-powered-by');
const flags = await setupFeatureFlags(app, {
  source: store.source,
  feed: store.feed,
  ...settings.pace,
  // Probes and scrapers need no token; what shows every flag does.
  authorize: onlyClosedRoutes(bearerToken(settings.token)),
  page: true,
  readyTimeoutMs: store.readyTimeoutMs,
  context: whoAsks,
});
addRoutes(app, flags, store);

const server = app.listen(settings.port, settings.host);
try {
  await once(server, 'listening');
} catch (error) {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  console.error(
    code === 'EADDRINUSE'
      ? `Port ${settings.port} of ${settings.host} is taken. Choose another with PORT=4000, or any free one with PORT=0.`
      : `The server cannot listen on ${settings.host}, port ${settings.port}: ${String(code ?? error)}. HOST and PORT choose others.`,
  );
  // Nothing listens, so nothing closes the flags but this.
  await flags.close();
  process.exit(1);
}

const { port } = server.address() as AddressInfo;
const address = `http://${settings.host.includes(':') ? `[${settings.host}]` : settings.host}:${port}`;
console.log(`
The demo runs at ${address}
with the flags in ${store.where}

Try, in another terminal:
  curl '${address}/flags?userId=u1'           every flag for one user, and why
  curl '${address}/risk/u7'                   what mania_risk_analysis decides
  curl '${address}/feature-flags/health'      how fresh the flags are
  curl '${address}/metrics/feature-flags/prometheus'
Or see all of it live in a browser:
  ${address}/feature-flags/#token=${settings.token}
${store.howToChange.join('\n')}
Ctrl+C stops.
`);

let served = flags.health().revision;
flags.on('changed', ({ keys }) => {
  const { revision } = flags.health();
  if (revision === served) return;
  served = revision;
  console.log(`Now served: revision ${revision}. Changed: ${printableLine(keys.join(', ')) || 'no flag'}.`);
});

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    console.log('Stopping.');
    // The flags close when the server has closed, and then nothing holds the process.
    server.close();
    // Requests that are still being answered have this long.
    setTimeout(() => server.closeAllConnections(), 2_000).unref();
  });
}
