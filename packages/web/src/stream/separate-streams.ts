import type { Streams } from './streams.ts';

/**
 * A stream of its own for each caller, with its own timer, for edge runtimes: there a timer belongs to the request that
 * made it, may not write to the answer of another, and ends with it.
 */
export class SeparateStreams implements Streams {
  readonly #maxClients: number;
  readonly #make: (onDropped: () => void) => Streams;
  readonly #open = new Set<Streams>();
  #dropped = 0;

  /** `make` gives a stream for one caller, which says so when it drops that one. */
  constructor(maxClients: number, make: (onDropped: () => void) => Streams) {
    this.#maxClients = maxClients;
    this.#make = make;
  }

  get clients(): number {
    return this.#present().length;
  }

  get dropped(): number {
    return this.#dropped;
  }

  open(): ReadableStream<Uint8Array> | undefined {
    if (this.#present().length >= this.#maxClients) return undefined;
    const one = this.#make(() => {
      this.#dropped += 1;
    });
    const body = one.open();
    this.#open.add(one);
    return body;
  }

  close(): void {
    for (const one of this.#open) one.close();
    this.#open.clear();
  }

  #present(): readonly Streams[] {
    for (const one of this.#open) if (one.clients === 0) this.#open.delete(one);
    return [...this.#open];
  }
}
