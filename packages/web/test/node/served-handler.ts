import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { type Duplex, duplexPair } from 'node:stream';
import { expect, onTestFinished, vi } from 'vitest';
import { nodeListener, type NodeListenerOptions } from '../../src/node.ts';

/** A promise that the test settles. */
export function deferred<T>() {
  let resolve: (value: T | PromiseLike<T>) => void = () => {};
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

export type Handler = (request: Request) => Response | Promise<Response>;

/** A server of Node's that answers with the handler. Closed after the test. */
export async function serve(handler: Handler, options: NodeListenerOptions = {}) {
  const server = createServer(nodeListener(handler, options)).listen(0, '127.0.0.1');
  onTestFinished(() => closeServer(server));
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { server, port, url: `http://127.0.0.1:${port}` };
}

/**
 * The server's end of a connection whose caller has asked and takes nothing, once no more goes out on it. It has no
 * buffers but Node's own, which are small, so that it stays so: of a socket nobody can tell when the system has taken
 * its last byte.
 */
export async function blocked(handler: Handler, options: NodeListenerOptions = {}): Promise<Duplex> {
  const listener = nodeListener(handler, options);
  const answering = deferred<ServerResponse>();
  const server = createServer((incoming, outgoing) => {
    answering.resolve(outgoing);
    listener(incoming, outgoing);
  });
  const [caller, connection] = duplexPair();
  onTestFinished(() => {
    caller.destroy();
    connection.destroy();
  });
  server.emit('connection', connection);
  caller.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  const outgoing = await answering.promise;
  await vi.waitFor(() => expect(outgoing.writableNeedDrain).toBe(true));
  return connection;
}

export async function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

/** Sends bytes as they are and returns all that comes back until the server closes the connection. */
export async function raw(port: number, text: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.setEncoding('utf8').end(text);
  let answer = '';
  for await (const chunk of socket) answer += chunk as string;
  return answer;
}
