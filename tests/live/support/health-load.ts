// Health requests at a given rate over a few connections.
import { setTimeout as pause } from 'node:timers/promises';
import { getRequest, openCounting } from './counted-socket.ts';

const CONNECTIONS = 20;
const MOST_ON_THEIR_WAY = 1_000;

export interface HealthLoad {
  /** Asks so many times, at the rate and no faster. Resolves to the seconds that it took until all were answered. */
  readonly ask: (requests: number) => Promise<number>;
  readonly close: () => void;
}

export async function healthLoad(port: number, perSecond: number): Promise<HealthLoad> {
  const connections = await Promise.all(Array.from({ length: CONNECTIONS }, () => openCounting(port, 'HTTP/1.1 200')));
  const answered = () => connections.reduce((sum, { seen }) => sum + seen(), 0);
  const request = getRequest('/feature-flags/health');

  return {
    ask: async (requests) => {
      const target = answered() + requests;
      const startedMs = performance.now();
      let sent = 0;
      while (answered() < target) {
        const due = Math.min(requests, Math.floor(((performance.now() - startedMs) * perSecond) / 1_000));
        const onTheirWay = sent - (answered() - target + requests);
        const now = Math.min(due - sent, MOST_ON_THEIR_WAY - onTheirWay);
        if (now > 0) {
          const each = Math.ceil(now / connections.length);
          for (const { socket } of connections) {
            const mine = Math.max(0, Math.min(each, requests - sent));
            if (mine > 0) socket.write(request.repeat(mine));
            sent += mine;
          }
        }
        await pause(2);
      }
      return (performance.now() - startedMs) / 1_000;
    },
    close: () => {
      for (const { socket } of connections) socket.destroy();
    },
  };
}
