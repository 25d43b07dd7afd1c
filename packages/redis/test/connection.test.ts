import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { clientFor, Connection } from '../src/connection.ts';

it('a connection that takes nothing more is of no use any more, though its end has not been told yet', async () => {
  // It agrees to everything that is asked while connecting.
  const server = createServer((socket) => {
    socket.on('data', (asked) => socket.write('+OK\r\n'.repeat(String(asked).split('*').length - 1)));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const connection = await Connection.open(
    clientFor({ host: '127.0.0.1', port, db: 0 }, 1_000),
    'read',
    new AbortController().signal,
  );
  onTestFinished(() => {
    connection.end();
    server.close();
  });
  expect(connection.usable).toBe(true);
  connection.redis.stream.end();
  expect(connection.redis.status).toBe('ready');
  expect(connection.usable).toBe(false);
});
