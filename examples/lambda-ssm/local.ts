// Plays AWS on this machine: a stand-in for SSM that holds flags.json, and a function URL that hands each request to the handler.
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileFeed } from '@clarity/flags-file';
import { startSsmServer } from '@clarity/flags-testing/ssm-server';

const { FLAGS_FILE = 'flags.json', HOST = '127.0.0.1', PORT = '3000' } = process.env;

const ssm = await startSsmServer();
const put = async (): Promise<void> => {
  const value = await readFile(FLAGS_FILE, 'utf8');
  ssm.store.put({ name: '/shop/flags', value, type: 'String', overwrite: true }, Date.now());
};
await put();
const feed = fileFeed({ path: FLAGS_FILE });
const refused = (error: Error): void => console.error(error.message);
const watching = new AbortController();
await feed.subscribe({ notice: () => void put().catch(refused), down: refused, up: () => {} }, watching.signal);

Object.assign(process.env, {
  AWS_ENDPOINT_URL_SSM: ssm.endpoint,
  AWS_REGION: ssm.region,
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
  // In production the client looks once a minute.
  FEATURE_FLAG_REFRESH_INTERVAL: '1',
});
// Not before the variables are there: the handler's client is made as its file is loaded.
const { handler } = await import('./handler.ts');

const server = createServer(async (request, response) => {
  // Put together as text: `//` can be asked for, and as a reference to a base it is no URL.
  const { pathname, searchParams } = new URL(`http://localhost${request.url ?? '/'}`);
  if (pathname !== '/checkout') {
    response.writeHead(404).end('Try /checkout?user=u1\n');
    return;
  }
  const { statusCode, headers, body } = await handler({ queryStringParameters: Object.fromEntries(searchParams) });
  response.writeHead(statusCode, headers).end(body);
});
await once(server.listen(Number(PORT), HOST), 'listening');

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, async () => {
    watching.abort();
    await once(server.close(), 'close');
    await Promise.all([feed.close(), ssm.stop()]);
  });
}

console.log(`The shop is open at http://${HOST}:${(server.address() as AddressInfo).port}/checkout?user=u1`);
