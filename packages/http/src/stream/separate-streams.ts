import { StateStream, type StreamParts } from './state-stream.ts';
import type { Streams } from './streams.ts';

/**
 * A stream of its own for each caller, with its own timer, for edge runtimes: there a timer belongs to the request that made it, may not
 * write to the answer of another, and ends with it.
 */
export class SeparateStreams implements Streams {
  readonly #parts: StreamParts;
  readonly #open = new Set<StateStream>();
  #dropped = 0;

  constructor(parts: StreamParts) {
    this.#parts = parts;
  }

  get clients(): number {
    return this.#present().length;
  }

  get dropped(): number {
    return this.#dropped;
  }

  open(): ReadableStream<Uint8Array> | undefined {
    if (this.#present().length >= this.#parts.options.maxClients) return undefined;
    const one = new StateStream({
      ...this.#parts,
      onDropped: () => {
        this.#dropped += 1;
        this.#parts.onDropped();
      },
    });
    const body = one.open();
    this.#open.add(one);
    return body;
  }

  close(): void {
    for (const one of this.#open) one.close();
    this.#open.clear();
  }

  #present(): readonly StateStream[] {
    for (const one of this.#open) if (one.clients === 0) this.#open.delete(one);
    return [...this.#open];
  }
}
