/** Streams to any number of callers. */
export interface Streams {
  /** Callers at this moment. */
  readonly clients: number;
  /** Callers that were dropped so far because they did not read. */
  readonly dropped: number;
  /** A body for one more caller; undefined when there are as many as may be. */
  open(): ReadableStream<Uint8Array> | undefined;
  /** Ends the stream of every caller. */
  close(): void;
}
