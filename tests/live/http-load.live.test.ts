// What the handler costs under load, in a process of its own with the built packages. `CLARITY_LOAD_SECONDS=60` asks for the
// whole minute of the promise; the suite takes a few seconds of it.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type MeasuredServer, startMeasuredServer } from './support/measured-server.ts';

const MB = 1024 * 1024;
const loadSeconds = Number(process.env['CLARITY_LOAD_SECONDS'] ?? '2');

let server: MeasuredServer;
const sockets: Socket[] = [];

beforeEach(async () => {
  server = await startMeasuredServer();
});

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await server.kill();
});

async function open(): Promise<Socket> {
  const socket = connect(server.port, '127.0.0.1');
  sockets.push(socket);
  await once(socket, 'connect');
  return socket;
}

function get(path: string): string {
  return `GET ${path} HTTP/1.1\r\nHost: flags.test\r\n\r\n`;
}

/** How often this was seen in all that a socket received. */
function count(socket: Socket, wanted: string): () => number {
  let seen = 0;
  let rest = '';
  socket.setEncoding('latin1').on('data', (text: string) => {
    const whole = rest + text;
    for (let at = whole.indexOf(wanted); at >= 0; at = whole.indexOf(wanted, at + wanted.length)) seen += 1;
    rest = whole.slice(-(wanted.length - 1));
  });
  return () => seen;
}

async function callers(): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${server.port}/feature-flags/status`);
  return ((await response.json()) as { stream: { clients: number } }).stream.clients;
}

describe('under load', () => {
  it(
    '1,000 callers of the stream cost under 20 MB of heap and external memory, and one timer together',
    { timeout: 120_000 },
    async () => {
      // Once round, so that what is made on first use does not count as a caller's.
      const first = await open();
      first.write(get('/feature-flags/stream'));
      await vi.waitFor(async () => expect(await callers()).toBe(1));
      first.destroy();
      await vi.waitFor(async () => expect(await callers()).toBe(0));
      const before = await server.measure();

      const events: (() => number)[] = [];
      for (let n = 0; n < 1_000; n += 1) {
        const socket = await open();
        events.push(count(socket, 'event: flags'));
        socket.write(get('/feature-flags/stream'));
      }
      await vi.waitFor(async () => expect(await callers()).toBe(1_000), { timeout: 30_000 });
      await server.change();
      await vi.waitFor(() => expect(events.filter((seen) => seen() < 2)).toHaveLength(0), { timeout: 30_000 });

      const during = await server.measure();
      const cost = during.heapUsed + during.external - before.heapUsed - before.external;
      console.log(`1,000 callers of the stream: ${(cost / MB).toFixed(1)} MB of heap and external memory`);
      expect(cost).toBeLessThan(20 * MB);
      // Node's own timeouts for connections are not among these; a stream's heartbeat is.
      expect(during.timers).toBeLessThanOrEqual(before.timers + 1);

      for (const socket of sockets.splice(0)) socket.destroy();
      await vi.waitFor(async () => expect(await callers()).toBe(0), { timeout: 30_000 });
      const after = await server.measure();
      expect(after.heapUsed + after.external - before.heapUsed - before.external).toBeLessThan(3 * MB);
    },
  );

  it(
    'a caller that stops reading is dropped, and costs no more than its bound until then',
    { timeout: 60_000 },
    async () => {
      const reading = await open();
      const events = count(reading, 'event: flags');
      reading.write(get('/feature-flags/stream'));
      const stuck = await open();
      stuck.pause();
      stuck.write(get('/feature-flags/stream'));
      await vi.waitFor(async () => expect(await callers()).toBe(2));
      const before = await server.measure();
      let changes = 0;
      // The system's own buffers take megabytes before the server notices anything.
      while ((await callers()) === 2) {
        await server.change();
        changes += 1;
        await vi.waitFor(() => expect(events()).toBeGreaterThan(changes), { timeout: 10_000, interval: 1 });
        if (changes > 5_000) throw new Error(`after ${changes} changes the caller that reads nothing is still there`);
      }
      const after = await server.measure();
      expect(after.heapUsed + after.external - before.heapUsed - before.external).toBeLessThan(3 * MB);
    },
  );

  it('10,000 health requests a second leave memory as it was', { timeout: loadSeconds * 5_000 + 120_000 }, async () => {
    const answered: (() => number)[] = [];
    const connections = await Promise.all(Array.from({ length: 20 }, open));
    for (const socket of connections) answered.push(count(socket, 'HTTP/1.1 200'));
    const total = () => answered.reduce((sum, seen) => sum + seen(), 0);
    const request = get('/feature-flags/health');

    /** Asks `requests` times, as fast as 10,000 a second and no faster, with few on their way at once. */
    const ask = async (requests: number): Promise<number> => {
      const target = total() + requests;
      const startedMs = performance.now();
      let sent = 0;
      while (total() < target) {
        const due = Math.min(requests, Math.floor((performance.now() - startedMs) * 10));
        const room = 1_000 - (sent - (total() - target + requests));
        const now = Math.min(due - sent, room);
        if (now > 0) {
          const each = Math.ceil(now / connections.length);
          for (const socket of connections) {
            const mine = Math.min(each, requests - sent);
            if (mine > 0) socket.write(request.repeat(mine));
            sent += Math.max(0, mine);
          }
        }
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
      return (performance.now() - startedMs) / 1000;
    };

    await ask(20_000);
    const before = await server.measure();
    const requests = loadSeconds * 10_000;
    const seconds = await ask(requests);
    const after = await server.measure();
    const grown = after.heapUsed + after.external - before.heapUsed - before.external;
    console.log(
      `${requests} health requests in ${seconds.toFixed(1)} s (${Math.round(requests / seconds)} a second): ` +
        `heap and external memory ${(grown / MB).toFixed(2)} MB more than before, resident ${((after.rss - before.rss) / MB).toFixed(1)} MB more`,
    );
    expect(grown).toBeLessThan(1 * MB);
  });
});
