// A relay in front of one server that cuts a connection once so many more bytes of the server's have passed: the
// request arrived, and what was answered did not, or not all of it.
import { connect, createServer, type Socket } from 'node:net';
import { listenOnFreshPort } from './fresh-port.ts';

export interface ReplyCutter {
  readonly port: number;
  /** Cuts after `bytes` more from the server, once. Later connections are let be. */
  readonly cutAfter: (bytes: number) => void;
  /** What has come from the server so far. */
  readonly replied: () => number;
  readonly stop: () => Promise<void>;
}

export async function startReplyCutter(upstream: number): Promise<ReplyCutter> {
  let left = Number.POSITIVE_INFINITY;
  let replied = 0;
  const open = new Set<Socket>();
  const server = createServer((client) => {
    const socket = connect(upstream, '127.0.0.1');
    const end = (): void => {
      client.destroy();
      socket.destroy();
    };
    for (const one of [client, socket]) {
      open.add(one);
      one.unref().on('error', end).on('close', end);
    }
    client.on('data', (chunk) => socket.write(chunk));
    socket.on('data', (chunk) => {
      replied += chunk.length;
      if (chunk.length < left) {
        left -= chunk.length;
        client.write(chunk);
        return;
      }
      // All that fits, and an end that does not swallow it.
      client.end(chunk.subarray(0, left));
      socket.destroy();
      left = Number.POSITIVE_INFINITY;
    });
  });
  const port = await listenOnFreshPort(server);
  return {
    port,
    cutAfter: (bytes) => {
      left = bytes;
    },
    replied: () => replied,
    stop: async () => {
      for (const one of open) one.destroy();
      server.close();
    },
  };
}
