import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { upstashFeed } from '@clarity/flags-upstash';
import { expect, it, onTestFinished } from 'vitest';

const listener = { notice() {}, down() {}, up() {} };

it.each([
  ['a page, as captive portals send it', 'text/html'],
  ['JSON', 'application/json'],
])('an answer that is not a stream and does not end is let go of: %s', async (_what, type) => {
  const closed: Promise<unknown>[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': type });
    response.write('<p>'.repeat(100));
  }).on('connection', (socket: Socket) => {
    sockets.add(socket.on('error', () => {}));
    closed.push(once(socket, 'close'));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const feed = upstashFeed({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, token: 'token' });
  onTestFinished(() => feed.close());
  await expect(feed.subscribe(listener, AbortSignal.timeout(20_000))).rejects.toMatchObject({ reason: 'invalid' });
  // While the feed is open, and with nobody who would close it later.
  await Promise.all(closed);
  expect(closed).toHaveLength(1);
});
