// What the handler holds on to under load, in a process of its own with the built packages. `npm run bench -- http`
// measures the same for the whole minute of the promise, and how fast it goes.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { getRequest, openCounting } from './support/counted-socket.ts';
import { healthLoad } from './support/health-load.ts';
import { type Holdings, type MeasuredServer, startMeasuredServer } from './support/measured-server.ts';
import { joinStream, streamCallers, untilCallers } from './support/stream-crowd.ts';

const MB = 1024 * 1024;

let server: MeasuredServer;
beforeEach(async () => {
  server = await startMeasuredServer();
});
afterEach(() => server.kill());

function grown(before: Holdings, after: Holdings): number {
  return after.heapUsed + after.external - before.heapUsed - before.external;
}

describe('under load', () => {
  it(
    '1,000 callers of the stream cost under 20 MB of heap and external memory, and one timer together',
    { timeout: 120_000 },
    async () => {
      // Once round, so that what is made on first use does not count as a caller's.
      (await joinStream(server.port, 1)).leave();
      await untilCallers(server.port, 0);
      const before = await server.measure();

      const crowd = await joinStream(server.port, 1_000);
      await server.change();
      await crowd.heard(2);
      const during = await server.measure();
      const cost = grown(before, during);
      console.log(`1,000 callers of the stream: ${(cost / MB).toFixed(1)} MB of heap and external memory`);
      expect(cost).toBeLessThan(20 * MB);
      // Node's own timeouts for connections are not among these; a stream's heartbeat is.
      expect(during.timers).toBeLessThanOrEqual(before.timers + 1);

      crowd.leave();
      await untilCallers(server.port, 0);
      expect(grown(before, await server.measure())).toBeLessThan(3 * MB);
    },
  );

  it(
    'a caller that stops reading is dropped, and costs no more than its bound until then',
    { timeout: 60_000 },
    async () => {
      const reading = await openCounting(server.port, 'event: flags');
      reading.socket.write(getRequest('/feature-flags/stream'));
      const stuck = await openCounting(server.port, 'event: flags');
      stuck.socket.pause();
      stuck.socket.write(getRequest('/feature-flags/stream'));
      await untilCallers(server.port, 2);
      const before = await server.measure();
      let changes = 0;
      // The system's own buffers take megabytes before the server notices anything.
      while ((await streamCallers(server.port)) === 2) {
        await server.change();
        changes += 1;
        await vi.waitFor(() => expect(reading.seen()).toBeGreaterThan(changes), { timeout: 10_000, interval: 1 });
        if (changes > 5_000) throw new Error(`after ${changes} changes the caller that reads nothing is still there`);
      }
      expect(grown(before, await server.measure())).toBeLessThan(3 * MB);
      for (const { socket } of [reading, stuck]) socket.destroy();
    },
  );

  it('health requests leave memory as it was', { timeout: 120_000 }, async () => {
    const load = await healthLoad(server.port, 10_000);
    await load.ask(20_000);
    const before = await server.measure();
    await load.ask(20_000);
    expect(grown(before, await server.measure())).toBeLessThan(1 * MB);
    load.close();
  });
});
