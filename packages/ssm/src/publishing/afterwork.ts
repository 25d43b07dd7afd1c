/** What goes on when its caller has left already, within a bound of its own. */

import { settledWithin, unref } from '@clarity/flags-core/adapter-kit';

/** AWS answers in far less; what takes longer is given up. */
const LONGEST_MS = 15_000;

export class Afterwork {
  readonly #ending = new AbortController();
  readonly #running = new Set<Promise<unknown>>();

  /** Runs `work` under a signal that only `end` and the bound abort. */
  async run<T>(work: (ending: AbortSignal) => Promise<T>): Promise<T> {
    // A timer and not `AbortSignal.any([…, AbortSignal.timeout(…)])`: Node 20 forgets the timeout in there as soon as
    // it collects garbage.
    const bound = new AbortController();
    const stop = (): void => bound.abort(this.#ending.signal.reason);
    this.#ending.signal.addEventListener('abort', stop, { once: true });
    if (this.#ending.signal.aborted) stop();
    const timer = unref(
      setTimeout(() => bound.abort(new DOMException('it took too long', 'TimeoutError')), LONGEST_MS),
    );
    // The requests themselves hold the process; this need not.
    const running = work(bound.signal);
    this.#running.add(running);
    try {
      return await running;
    } finally {
      clearTimeout(timer);
      this.#ending.signal.removeEventListener('abort', stop);
      this.#running.delete(running);
    }
  }

  /** Waits for what is running, at most `graceMs` milliseconds, and then stops it. Idempotent. */
  async end(graceMs: number): Promise<void> {
    const running = [...this.#running];
    await settledWithin(graceMs, running);
    this.#ending.abort();
    await Promise.allSettled(running);
  }
}
