import { StoreError } from '../ports/store-error.ts';
import type { KeptConnection } from './kept-connection.ts';
import type { Patience } from './patience.ts';
import { unref } from './unref.ts';

/** After a timer: time for an answer that is in the socket already to be read, in milliseconds. */
const LATE_READING_MS = 20;

/**
 * Asks a connection for a sign of life every `heartbeatMs` and ends it when there is none by the next one: a half-open
 * connection looks sound for hours otherwise. So it is found within two heartbeats, or later where the server was slow
 * before: its `patience` is at least a heartbeat. Resolves when the connection is gone, for any reason.
 */
export async function keepHeartbeat(
  connection: Pick<KeptConnection, 'lost' | 'ping' | 'end'>,
  heartbeatMs: number,
  patience: Patience,
): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let lost = false;
  const after = (ms: number, next: () => void): void => {
    if (!lost) timer = unref(setTimeout(next, ms));
  };

  const beat = (): void => {
    let answered = false;
    const sentMs = performance.now();
    const heard = (): void => {
      answered = true;
      patience.heard(performance.now() - sentMs);
    };
    const waitMs = Math.max(heartbeatMs, patience.ms);
    connection.ping().then(heard, heard);
    after(heartbeatMs, () => {
      if (answered) return beat();
      // The event loop may have been blocked for longer than the server was silent (F46).
      after(waitMs - heartbeatMs + LATE_READING_MS, () => {
        if (answered) return beat();
        connection.end(
          new StoreError(
            'timeout',
            `no sign of life within ${Math.round(waitMs)} ms of asking; look at the server and the network`,
          ),
        );
      });
    });
  };

  after(heartbeatMs, beat);
  await connection.lost;
  lost = true;
  clearTimeout(timer);
}
