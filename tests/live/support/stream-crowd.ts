// Callers that follow the event stream of one server, each over a connection of its own.
import { setTimeout as pause } from 'node:timers/promises';
import { type CountedSocket, getRequest, openCounting } from './counted-socket.ts';

export interface StreamCrowd {
  /** Resolves when every caller has seen so many events `flags`; rejects after 30 s. */
  readonly heard: (events: number) => Promise<void>;
  readonly leave: () => void;
}

/** Joins so many callers; resolves when the server counts them all. */
export async function joinStream(port: number, callers: number): Promise<StreamCrowd> {
  const crowd: CountedSocket[] = [];
  for (let n = 0; n < callers; n += 1) {
    const caller = await openCounting(port, 'event: flags');
    crowd.push(caller);
    caller.socket.write(getRequest('/feature-flags/stream'));
  }
  await untilCallers(port, callers);
  return {
    heard: (events) => until(() => crowd.every(({ seen }) => seen() >= events), `${events} events each`),
    leave: () => {
      for (const { socket } of crowd) socket.destroy();
    },
  };
}

/** As the server's own status route counts them. */
export async function streamCallers(port: number): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${port}/feature-flags/status`);
  return ((await response.json()) as { stream: { clients: number } }).stream.clients;
}

export function untilCallers(port: number, callers: number): Promise<void> {
  return until(async () => (await streamCallers(port)) === callers, `${callers} callers of the stream`);
}

async function until(holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const givenUpMs = performance.now() + 30_000;
  while (!(await holds())) {
    if (performance.now() > givenUpMs) throw new Error(`there are not ${what} after 30 s`);
    await pause(20);
  }
}
