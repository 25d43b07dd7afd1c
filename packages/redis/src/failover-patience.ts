import { isStoreError } from '@clarity/flags-core/ports';
import { codeOf } from './redis-error.ts';

/**
 * Replies that refuse a write before anything of it is done, and that a moment may mend: a replica takes over, one
 * comes back, a server has loaded its data.
 */
const PASSING: ReadonlySet<string | undefined> = new Set([
  'READONLY',
  'NOREPLICAS',
  'LOADING',
  'MASTERDOWN',
  'CLUSTERDOWN',
  'TRYAGAIN',
]);
/** Together with what the tries take, between three and six seconds. */
const MOST_TRIES = 7;
const FIRST_PAUSE_MS = 100;

/**
 * Writes, and again where a failover seems to be under way, with pauses that double and are jittered, as long as the
 * caller waits. `write` notes what the client threw, and must be fit to be carried out again.
 */
export async function withFailoverPatience<T>(
  write: (note: (error: unknown) => void) => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    let code: string | undefined;
    try {
      return await write((error) => {
        code = codeOf(error);
      });
    } catch (error) {
      if (!isStoreError(error) || !PASSING.has(code) || attempt === MOST_TRIES || signal.aborted) throw error;
      await pause(FIRST_PAUSE_MS * 2 ** (attempt - 1) * (0.5 + Math.random() / 2), signal);
      if (signal.aborted) throw error;
    }
  }
}

/** Shorter when the caller gives up. Holds the process, as the publication does. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
  });
}
