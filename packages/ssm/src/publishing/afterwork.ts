/** What goes on when its caller has left already, within a bound of its own. */

/** AWS answers in far less; what takes longer is given up. */
const LONGEST_MS = 15_000;

export class Afterwork {
  readonly #ending = new AbortController();
  readonly #running = new Set<Promise<unknown>>();

  /** Runs `work` under a signal that only `end` and the bound abort. */
  async run<T>(work: (ending: AbortSignal) => Promise<T>): Promise<T> {
    const bounded = AbortSignal.any([this.#ending.signal, AbortSignal.timeout(LONGEST_MS)]);
    const running = work(bounded);
    this.#running.add(running);
    try {
      return await running;
    } finally {
      this.#running.delete(running);
    }
  }

  /** Waits for what is running, at most `graceMs` milliseconds, and then stops it. Idempotent. */
  async end(graceMs: number): Promise<void> {
    const running = Promise.allSettled(this.#running);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, graceMs);
    });
    if (this.#running.size > 0) await Promise.race([running, patience]);
    clearTimeout(timer);
    this.#ending.abort();
    await running;
  }
}
