// Ports that no server of this process had before. A client such as `fetch` keeps connections by their address, and may
// not have heard yet that the server which was there before is gone: its first request to the next one would be reset.
import { once } from 'node:events';
import type { AddressInfo, Server } from 'node:net';

const taken = new Set<number>();

/** Lets a server listen on loopback, and gives its port. */
export async function listenOnFreshPort(server: Server): Promise<number> {
  for (;;) {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    if (!taken.has(port)) {
      taken.add(port);
      return port;
    }
    server.close();
    await once(server, 'close');
  }
}
