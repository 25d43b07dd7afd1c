/** How much longer than the slow replies before it one may take. */
const MARGIN = 3;
/** What is left of a slow reply in what is expected of the one after it. */
const MEMORY = 0.8;

/**
 * How long a server may be silent before its connection is doubted: longer than its slow replies of late took. A server
 * that is slow because it has too much to do would otherwise get more to do (F94).
 */
export class Patience {
  readonly #leastMs: number;
  readonly #mostMs: number;
  #slowMs = 0;

  /**
   * `leastMs`: for a server that has been quick so far. `mostMs`: the limit of what is measured, since a blocked event
   * loop measures too much.
   */
  constructor(leastMs: number, mostMs: number) {
    this.#leastMs = leastMs;
    this.#mostMs = mostMs;
  }

  get ms(): number {
    return Math.max(this.#leastMs, Math.min(this.#mostMs, MARGIN * this.#slowMs));
  }

  /** A reply began to come in after this long. */
  heard(afterMs: number): void {
    this.#slowMs = Math.max(afterMs, MEMORY * this.#slowMs);
  }
}
