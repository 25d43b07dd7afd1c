import { StoreError } from '@clarity/flags-core/ports';

/** The reads under way: each ends when its caller aborts or the source is closed, even when `fetch` ignores its signal. */
export class OpenReads {
  readonly #name: string;
  readonly #reads = new Set<AbortController>();
  #closed = false;

  constructor(name: string) {
    this.#name = name;
  }

  /** Settles with `work`, or rejects as soon as `signal` aborts or the source is closed; `work` then sees its own signal aborted. */
  run<T>(signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    if (this.#closed) return Promise.reject(this.#closedError());
    if (signal.aborted) return Promise.reject(this.#stoppedError());
    const read = new AbortController();
    const onAbort = (): void => read.abort(this.#stoppedError());
    const end = (): void => {
      signal.removeEventListener('abort', onAbort);
      this.#reads.delete(read);
    };
    this.#reads.add(read);
    signal.addEventListener('abort', onAbort, { once: true });
    return new Promise<T>((resolve, reject) => {
      read.signal.addEventListener('abort', () => reject(read.signal.reason), { once: true });
      work(read.signal).then(resolve, reject);
    }).finally(end);
  }

  /** Ends every read and refuses new ones. Idempotent. */
  close(): void {
    this.#closed = true;
    for (const read of this.#reads) read.abort(this.#closedError());
  }

  #closedError(): StoreError {
    return new StoreError('unavailable', `the source ${this.#name} is closed; make a new one to go on`, {
      retryable: false,
    });
  }

  #stoppedError(): StoreError {
    return new StoreError(
      'timeout',
      `stopped by the caller before ${this.#name} had answered whole; allow more time if this repeats`,
    );
  }
}
