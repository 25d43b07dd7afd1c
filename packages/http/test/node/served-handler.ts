import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { onTestFinished } from 'vitest';
import { nodeListener } from '../../src/node.ts';

/** A server of Node's that answers with the handler. Closed after the test. */
export async function serve(handler: (request: Request) => Promise<Response>) {
  const server = createServer(nodeListener(handler)).listen(0, '127.0.0.1');
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { port, url: `http://127.0.0.1:${port}` };
}

/** Sends bytes as they are and returns all that comes back until the server closes the connection. */
export async function raw(port: number, text: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.setEncoding('utf8').end(text);
  let answer = '';
  for await (const chunk of socket) answer += chunk as string;
  return answer;
}
