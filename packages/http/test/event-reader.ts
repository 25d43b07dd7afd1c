/** One server-sent event, its data read as JSON. */
export interface ReadEvent {
  readonly event: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Reads a stream of events one at a time, and no further than it is asked to. */
export class EventReader {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #decoder = new TextDecoder();
  #rest = '';

  constructor(response: Response) {
    if (response.body === null) throw new Error('the response has no body');
    this.#reader = response.body.getReader();
  }

  /** The next event; undefined at the end of the stream. Rejects when the stream breaks. */
  async next(): Promise<ReadEvent | undefined> {
    for (;;) {
      const end = this.#rest.indexOf('\n\n');
      if (end >= 0) {
        const frame = this.#rest.slice(0, end);
        this.#rest = this.#rest.slice(end + 2);
        const [, event = '', data = ''] = /^event: (\w+)\ndata: (.*)$/.exec(frame) ?? [];
        return { event, data: JSON.parse(data) as ReadEvent['data'] };
      }
      const { done, value } = await this.#reader.read();
      if (done) return undefined;
      this.#rest += this.#decoder.decode(value, { stream: true });
    }
  }

  /** The next event of this name, past any others. */
  async nextOf(name: string): Promise<ReadEvent['data']> {
    for (;;) {
      const read = await this.next();
      if (read === undefined) throw new Error(`the stream ended before an event ${name}`);
      if (read.event === name) return read.data;
    }
  }

  async cancel(): Promise<void> {
    await this.#reader.cancel();
  }
}
