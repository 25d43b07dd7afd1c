import { checkedNumber } from '@clarity/flags-core/adapter-kit';

/** Bounds of an event stream. */
export interface StreamLimits {
  /** How many callers may follow at once, 1 to 100,000. */
  readonly maxClients: number;
  /** How often something is sent though nothing happened, 100 to 600,000 ms. */
  readonly heartbeatMs: number;
  /** A caller with this much unread is dropped at the next event, 1,024 to 16,777,216 bytes. */
  readonly maxBufferedBytes: number;
}

/**
 * The bounds that an application gave, and for the others 2,000 callers, 8,000 ms (Bun ends what is silent for 10 s)
 * and 65,536 bytes.
 *
 * @throws {RangeError} when a number is not an integer in its range.
 */
export function checkedStreamLimits(given: Partial<StreamLimits>): StreamLimits {
  return {
    maxClients: checkedNumber('stream.maxClients', given.maxClients ?? 2_000, 1, 100_000),
    heartbeatMs: checkedNumber('stream.heartbeatMs', given.heartbeatMs ?? 8_000, 100, 600_000, 'ms'),
    maxBufferedBytes: checkedNumber(
      'stream.maxBufferedBytes',
      given.maxBufferedBytes ?? 65_536,
      1_024,
      16_777_216,
      'bytes',
    ),
  };
}
