// Plays a function URL on this machine, that hands each request to the handler. Its flags are in the SSM that the
// variables of AWS name.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const { HOST = '127.0.0.1', PORT = '3000' } = process.env;

// In production the client looks once a minute.
process.env['FEATURE_FLAG_REFRESH_INTERVAL'] ??= '1';
// Not before the variable is there: the handler's client is made as its file is loaded.
const { handler } = await import('./handler.ts');

const server = createServer(async (request, response) => {
  // Put together as text: `//` can be asked for, and as a reference to a base it is not a URL.
  const { pathname, searchParams } = new URL(`http://localhost${request.url ?? '/'}`);
  if (pathname !== '/checkout') {
    response.writeHead(404).end('Try /checkout?user=u1\n');
    return;
  }
  const { statusCode, headers, body } = await handler({ queryStringParameters: Object.fromEntries(searchParams) });
  response.writeHead(statusCode, headers).end(body);
});
await once(server.listen(Number(PORT), HOST), 'listening');

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => server.close());

console.log(`The shop is open at http://${HOST}:${(server.address() as AddressInfo).port}/checkout?user=u1`);
