import { StoreError } from '../ports/store-error.ts';

/**
 * The calls under way in one port of an adapter. Each settles as soon as its caller aborts or the port is closed, even
 * if the library beneath does with the signal: some hang, and some resolve with garbage (F50).
 */
export class CallScope {
  readonly #name: string;
  readonly #calls = new Set<AbortController>();
  #closed = false;

  /** `name` completes "... is closed", as in `the SSM source ssm:/app/flags`. Holds no secret. */
  constructor(name: string) {
    this.#name = name;
  }

  /**
   * Runs `work` until it settles, `signal` aborts or the scope is closed, whichever comes first. Work that is overtaken
   * sees its own signal aborted, and what it comes to is ignored. `attempt` completes "before it could ...".
   *
   * @throws TypeError when `signal` is not a signal, for callers without types
   * @throws StoreError `timeout` when the caller stopped it, `unavailable` when the scope is closed, or what `work`
   * threw.
   */
  async run<T>(attempt: string, signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    if (this.#closed) throw this.#closedError();
    if (typeof signal?.aborted !== 'boolean') {
      throw new TypeError(`cannot ${attempt} without a signal; give one`);
    }
    if (signal.aborted) throw stoppedError(attempt);
    const call = new AbortController();
    const onAbort = (): void => call.abort(stoppedError(attempt));
    signal.addEventListener('abort', onAbort, { once: true });
    this.#calls.add(call);
    try {
      return await new Promise<T>((resolve, reject) => {
        call.signal.addEventListener('abort', () => reject(call.signal.reason), { once: true });
        work(call.signal).then(resolve, reject);
      });
    } finally {
      signal.removeEventListener('abort', onAbort);
      this.#calls.delete(call);
    }
  }

  /** Ends every call at once and refuses new ones. Idempotent. */
  close(): void {
    this.#closed = true;
    for (const call of this.#calls) call.abort(this.#closedError());
  }

  #closedError(): StoreError {
    return new StoreError('unavailable', `${this.#name} is closed; make a new one to go on`, { retryable: false });
  }
}

function stoppedError(attempt: string): StoreError {
  return new StoreError('timeout', `stopped by the caller before it could ${attempt}; allow more time if this repeats`);
}
