// The store: a server of documents, in a process of its own so that it can be killed. Arguments: its port (0 for any),
// and what stands at which path, as JSON.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Served } from './watched.ts';

const HEARTBEAT_MS = 5_000;

const [port, text = '{}'] = process.argv.slice(2);
const routes = JSON.parse(text) as Readonly<Record<string, Served>>;

const server = createServer((request, response) => {
  const served = routes[new URL(request.url ?? '/', 'http://store').pathname];
  if (served === undefined) {
    response.writeHead(404).end();
    return;
  }
  const { type, heartbeat } = served;
  response.writeHead(200, { 'content-type': type });
  if (heartbeat === undefined) {
    response.end(served.text);
    return;
  }
  response.write(served.text);
  const beating = setInterval(() => response.write(heartbeat), HEARTBEAT_MS);
  response.once('close', () => clearInterval(beating));
});
server.listen(Number(port), '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
