export interface StreamOptions {
  /** How many callers may follow the stream at once, 1 to 100,000; others are answered with 503. Default 2,000. */
  readonly maxClients?: number;
  /** How often the state is sent though nothing changed, 100 to 600,000 ms. Default 8,000: Bun ends what is silent for 10 s. */
  readonly heartbeatMs?: number;
  /** A caller with this much unread is dropped at the next event, 1,024 to 16,777,216 bytes. Default 65,536. */
  readonly maxBufferedBytes?: number;
}

/** @throws {RangeError} when a number is not an integer in its range. */
export function checkedStreamOptions(options: StreamOptions): Required<StreamOptions> {
  return {
    maxClients: integer('maxClients', options.maxClients ?? 2_000, 1, 100_000),
    heartbeatMs: integer('heartbeatMs', options.heartbeatMs ?? 8_000, 100, 600_000),
    maxBufferedBytes: integer('maxBufferedBytes', options.maxBufferedBytes ?? 65_536, 1_024, 16_777_216),
  };
}

function integer(name: keyof StreamOptions, value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new RangeError(`stream.${name} ${String(value)} is not an integer from ${least} to ${most}`);
}
