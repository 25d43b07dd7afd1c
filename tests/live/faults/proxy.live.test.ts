// The proxy itself: a fault that is not injected would make every test behind it pass for nothing.
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startProxy, type TcpProxy } from '../support/proxy.ts';

let server: Server;
let proxy: TcpProxy;
const clients: Socket[] = [];
/** The server's ends of the connections, oldest first. */
const ends: Socket[] = [];

beforeEach(async () => {
  ends.length = 0;
  // Says everything back, and ends when the client ends.
  server = createServer({ allowHalfOpen: true }, (socket) => {
    ends.push(socket);
    socket.on('error', () => undefined).pipe(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  proxy = await startProxy({ port: (server.address() as AddressInfo).port });
});

afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  await proxy.stop();
  server.close();
  for (const end of ends) end.destroy();
});

/** A connection through the proxy, and what it has received. */
function open() {
  const socket = connect({ port: proxy.port, host: proxy.host, allowHalfOpen: true });
  clients.push(socket);
  let received = '';
  let code = 'none';
  socket.setEncoding('latin1').on('data', (text: string) => (received += text));
  socket.on('error', (error: NodeJS.ErrnoException) => (code = error.code ?? 'unknown'));
  const closed = new Promise<string>((resolve) => {
    socket.once('close', () => resolve(code));
  });
  return {
    socket,
    closed,
    received: () => received,
    /** Resolves once so much has come. */
    has: async (length: number): Promise<string> => {
      while (received.length < length) await once(socket, 'data');
      return received;
    },
  };
}

/** Sent and said back: the connection works both ways. */
async function works(): Promise<void> {
  const { socket, has, closed } = open();
  socket.end('ping');
  expect(await has(4)).toBe('ping');
  expect(await closed).toBe('none');
}

describe('the proxy', () => {
  it('passes bytes and each end of a connection, and counts', async () => {
    const connected = proxy.nextConnection();
    const asked = proxy.nextRequest();
    const closed = proxy.nextClose();
    await works();
    await Promise.all([connected, asked, closed, proxy.idle()]);
    expect([proxy.accepted(), proxy.open()]).toEqual([1, 0]);
  });

  it('passes a megabyte unharmed', async () => {
    const { socket, has } = open();
    const text = 'abcdefgh'.repeat(131_072);
    socket.end(text);
    expect((await has(text.length)) === text).toBe(true);
  });

  it('cut resets what is open, on both sides, once', async () => {
    const { socket, has, closed } = open();
    socket.write('x');
    await has(1);
    const endClosed = new Promise((resolve) => {
      ends[0]?.once('close', resolve);
    });
    proxy.cut();
    expect(await closed).toBe('ECONNRESET');
    await endClosed;
    await works();
  });

  it('down refuses connections on the same port until it is mended', async () => {
    const { socket, has, closed } = open();
    socket.write('x');
    await has(1);
    await proxy.down();
    expect(await closed).toBe('ECONNRESET');
    expect(await open().closed).toBe('ECONNREFUSED');
    await proxy.mend();
    await works();
  });

  it('refuse resets new connections and leaves the open ones', async () => {
    const { socket, has } = open();
    socket.write('x');
    await has(1);
    proxy.refuse();
    const refused = open();
    refused.socket.write('x');
    expect(await refused.closed).toBe('ECONNRESET');
    socket.write('y');
    expect(await has(2)).toBe('xy');
    await proxy.mend();
    await works();
  });

  it('freeze holds everything, and mend delivers it', async () => {
    const old = open();
    old.socket.write('x');
    await old.has(1);
    proxy.freeze();
    const asked = proxy.nextRequest();
    const young = open();
    old.socket.write('y');
    young.socket.write('z');
    await asked;
    await new Promise(setImmediate);
    expect([old.received(), young.received()]).toEqual(['x', '']);
    await proxy.mend();
    expect([await old.has(2), await young.has(1)]).toEqual(['xy', 'z']);
  });

  it('drop loses everything, and leaves dead connections dead after it is mended', async () => {
    const { socket, has, received } = open();
    socket.write('x');
    await has(1);
    proxy.drop();
    const asked = proxy.nextRequest();
    socket.write('y');
    await asked;
    // The end of the server's side is lost, too.
    ends[0]?.end();
    await proxy.mend();
    await works();
    socket.write('z');
    await works();
    expect(received()).toBe('x');
    expect(socket.readableEnded).toBe(false);
  });

  it.each([
    ['a reset', 'reset', 'ECONNRESET'],
    ['an end', 'end', 'none'],
  ] as const)('cutAfter lets so many bytes through, then ends by %s', async (_what, by, code) => {
    proxy.cutAfter(10, by);
    const { socket, received, closed } = open();
    socket.once('end', () => socket.end());
    socket.write('0123456789abcdef');
    expect(await closed).toBe(code);
    if (by === 'end') expect(received()).toBe('0123456789');
    else expect('0123456789'.startsWith(received())).toBe(true);
    await proxy.mend();
    await works();
  });

  it('trickle and delay take their time', async () => {
    for (const slow of [() => proxy.trickle(2, 20), () => proxy.delay(50)]) {
      slow();
      const { socket, has } = open();
      const beganMs = performance.now();
      socket.write('0123456789');
      await has(10);
      expect(performance.now() - beganMs).toBeGreaterThanOrEqual(95);
      await proxy.mend();
    }
  });

  it('stop ends everything, twice if need be, with every fault', async () => {
    proxy.freeze();
    const connected = proxy.nextConnection();
    const { closed } = open();
    await connected;
    await Promise.all([proxy.stop(), proxy.stop()]);
    expect(await closed).toBe('ECONNRESET');
    expect(await open().closed).toBe('ECONNREFUSED');
    expect(proxy.open()).toBe(0);
  });

  it('never listens where another one did: what keeps connections by their address would take it for that one', async () => {
    const ports = new Set<number>();
    // So many that the system gives some ports twice.
    for (let times = 0; times < 1_000; times++) {
      const one = await startProxy({ port: proxy.port });
      ports.add(one.port);
      await one.stop();
    }
    expect(ports.size).toBe(1_000);
  });
});
