import { clearTimeout, setTimeout } from 'node:timers';

/** How long `settled` waits for a file system that hangs, in milliseconds. */
const PATIENCE_MS = 1_000;

/**
 * Work that goes on after its caller stopped waiting, because a lock or a temporary file has to be removed. The
 * `close()` of a port waits for it.
 */
export class Cleanup {
  readonly #working = new Set<Promise<unknown>>();

  track<T>(work: Promise<T>): Promise<T> {
    const settled = work.then(
      () => undefined,
      () => undefined,
    );
    this.#working.add(settled);
    void settled.then(() => this.#working.delete(settled));
    return work;
  }

  /** Resolves when all of it has settled, or after a second. */
  async settled(): Promise<void> {
    if (this.#working.size === 0) return;
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, PATIENCE_MS);
      timer.unref();
    });
    await Promise.race([Promise.all(this.#working), patience]);
    clearTimeout(timer);
  }
}
