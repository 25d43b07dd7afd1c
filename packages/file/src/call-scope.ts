import { StoreError } from '@clarity/flags-core/ports';
import { setTimeout } from 'node:timers';

/** How long `close` waits for file operations that cannot be interrupted, in milliseconds. */
const CLOSE_GRACE_MS = 1_000;

/** The calls under way in one port: each ends when its caller aborts or the port is closed, even when the file system hangs. */
export class CallScope {
  readonly #name: string;
  readonly #calls = new Map<AbortController, Promise<unknown>>();
  #closed = false;

  constructor(name: string) {
    this.#name = name;
  }

  /**
   * Runs `work` until it settles, `signal` aborts or the scope is closed, whichever comes first. Work that is overtaken sees
   * its own signal aborted and must not change anything from then on.
   */
  run<T>(attempt: string, signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    if (this.#closed) return Promise.reject(this.#closedError());
    if (signal.aborted) return Promise.reject(stoppedError(attempt));
    const call = new AbortController();
    return new Promise<T>((resolve, reject) => {
      const onAbort = (): void => call.abort(stoppedError(attempt));
      signal.addEventListener('abort', onAbort, { once: true });
      call.signal.addEventListener('abort', () => reject(call.signal.reason), { once: true });
      const working = work(call.signal)
        .then(resolve, reject)
        .finally(() => {
          signal.removeEventListener('abort', onAbort);
          this.#calls.delete(call);
        });
      this.#calls.set(call, working);
    });
  }

  /** Ends every call and refuses new ones. Waits a moment for file operations under way, so that no lock or handle is left. */
  async close(): Promise<void> {
    this.#closed = true;
    const working = [...this.#calls.values()];
    for (const call of this.#calls.keys()) call.abort(this.#closedError());
    if (working.length === 0) return;
    let grace: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      grace = setTimeout(resolve, CLOSE_GRACE_MS);
      grace.unref();
    });
    await Promise.race([Promise.allSettled(working), patience]);
    clearTimeout(grace);
  }

  #closedError(): StoreError {
    return new StoreError('unavailable', `${this.#name} is closed; make a new one to go on`, { retryable: false });
  }
}

/** What a call rejects with when its caller stopped it. */
export function stoppedError(attempt: string): StoreError {
  return new StoreError('timeout', `stopped by the caller before it could ${attempt}; allow more time if this repeats`);
}

/** Waits `ms` milliseconds; rejects at once with the signal's reason when it aborts. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    }, ms);
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
}
