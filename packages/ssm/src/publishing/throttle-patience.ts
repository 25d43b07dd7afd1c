import { isStoreError, StoreError } from '@clarity/flags-core/ports';

/** AWS takes few writes a second; a document in many chunks meets that limit. */
const MOST_ATTEMPTS = 8;
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 5_000;
const TOO_LONG =
  'AWS throttled the writes until the time was up; publish more seldom, or raise the Parameter Store throughput setting';

/** Tries again while AWS throttles, with pauses that double and are jittered. Any other failure is final. */
export async function withPatience<T>(call: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call();
    } catch (error) {
      if (!isStoreError(error) || error.reason !== 'throttled' || attempt === MOST_ATTEMPTS) throw error;
    }
    const longestMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (attempt - 1));
    await pause(longestMs * (0.5 + Math.random() / 2), signal);
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      clearTimeout(timer);
      reject(isStoreError(signal.reason) ? signal.reason : new StoreError('timeout', TOO_LONG));
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    }, ms);
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
}
