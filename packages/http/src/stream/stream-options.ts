export interface StreamOptions {
  /** How many callers may follow the stream at once, 1 to 100,000; others are answered with 503. Default 2,000. */
  readonly maxClients?: number;
  /**
   * How often the state is sent though nothing changed, 100 to 600,000 ms. Default 8,000: Bun ends what is silent for
   * 10 s.
   */
  readonly heartbeatMs?: number;
  /** A caller with this much unread is dropped at the next event, 1,024 to 16,777,216 bytes. Default 65,536. */
  readonly maxBufferedBytes?: number;
}
