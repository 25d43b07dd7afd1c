/** One subscription, for as long as it is wanted: lost, it is made again; old, it is renewed. */
import { type FeedListener, parseRedisNotice, StoreError, toStoreError } from '@clarity/flags-core/ports';
import { openEventStream } from './event-stream.ts';
import type { ResolvedUpstash } from './upstash-options.ts';

/** Delay before the first attempt after a loss, and the longest, in milliseconds. Each attempt costs a command. */
const FIRST_BACKOFF_MS = 250;
const LONGEST_BACKOFF_MS = 60_000;
/** A stream that held for this long was a good one: the next loss begins with the first delay again. */
const HELD_MS = 30_000;
/** A subscription that is not acknowledged by then is given up. */
const ACKNOWLEDGE_MS = 10_000;

export class Subscription {
  readonly #place: ResolvedUpstash;
  readonly #renewAfterMs: number;
  readonly #listener: FeedListener;
  readonly #ending = new AbortController();
  /** Ends the present stream. */
  #stop: AbortController | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #failures = 0;

  constructor(place: ResolvedUpstash, renewAfterMs: number, listener: FeedListener) {
    this.#place = place;
    this.#renewAfterMs = renewAfterMs;
    this.#listener = listener;
  }

  /** The first attempt. Resolves once it is acknowledged. @throws StoreError, and then nothing of it is left. */
  async start(): Promise<void> {
    try {
      await this.#open();
    } catch (error) {
      this.end();
      throw error;
    }
  }

  /** Ends it, whatever is under way. No listener is called from then on. Idempotent. */
  end(): void {
    this.#ending.abort(new StoreError('unavailable', 'the subscription has ended', { retryable: false }));
    clearTimeout(this.#timer);
    this.#stop?.abort(this.#ending.signal.reason);
  }

  /** A new stream takes the place of the one before it, which is ended only then: nothing is missed between the two. */
  async #open(): Promise<void> {
    const { channel, namespace } = this.#place.layout;
    const stop = new AbortController();
    const end = (): void => stop.abort(this.#ending.signal.reason);
    this.#ending.signal.addEventListener('abort', end, { once: true });
    stop.signal.addEventListener('abort', () => this.#ending.signal.removeEventListener('abort', end), { once: true });
    const late = new StoreError(
      'timeout',
      `cannot subscribe to ${channel}: no acknowledgement within ${ACKNOWLEDGE_MS} ms`,
    );
    const deadline = unref(setTimeout(() => stop.abort(late), ACKNOWLEDGE_MS));
    try {
      this.#ending.signal.throwIfAborted();
      const { lost } = await openEventStream(
        this.#place,
        (payload) => {
          if (!stop.signal.aborted) this.#tell((listener) => listener.notice(parseRedisNotice(payload, { namespace })));
        },
        stop.signal,
      );
      this.#stop?.abort();
      this.#stop = stop;
      this.#keep(stop, lost);
    } catch (error) {
      stop.abort();
      throw error;
    } finally {
      clearTimeout(deadline);
    }
  }

  /** Until it is lost, or old. A connection that died without a word is found by its age: the stream has no heartbeat. */
  #keep(stop: AbortController, lost: Promise<StoreError>): void {
    const sinceMs = performance.now();
    this.#schedule(this.#renewAfterMs, () => {
      this.#open().catch((error: unknown) => {
        if (this.#stop === stop) stop.abort();
        this.#down(toStoreError(error, 'renewing the subscription'));
      });
    });
    void this.#untilLost(stop, lost, sinceMs);
  }

  async #untilLost(stop: AbortController, lost: Promise<StoreError>, sinceMs: number): Promise<void> {
    const error = await lost;
    if (stop.signal.aborted || this.#stop !== stop) return;
    stop.abort();
    if (performance.now() - sinceMs >= HELD_MS) this.#failures = 0;
    this.#down(error);
  }

  #down(error: StoreError): void {
    this.#tell((listener) => listener.down(error));
    this.#tryAgain(error);
  }

  #tryAgain(last: StoreError): void {
    this.#failures += 1;
    this.#schedule(backoffMs(this.#failures), () => {
      this.#open().then(
        () => this.#tell((listener) => listener.up()),
        (failure: unknown) => {
          const error = toStoreError(failure, 'subscribing again');
          // Told again only when there is something else to do about it: a lost stream that turns out to be a lost right.
          if (error.reason !== last.reason) this.#tell((listener) => listener.down(error));
          this.#tryAgain(error);
        },
      );
    });
  }

  #schedule(delayMs: number, then: () => void): void {
    clearTimeout(this.#timer);
    if (!this.#ending.signal.aborted) this.#timer = unref(setTimeout(then, delayMs));
  }

  /** A listener that throws must not end the stream (F45). */
  #tell(call: (listener: FeedListener) => void): void {
    if (this.#ending.signal.aborted) return;
    try {
      call(this.#listener);
    } catch {
      // Whoever handed in the listener isolates and counts.
    }
  }
}

/** Doubles from failure to failure, and a random half of it is waived, so that clients do not come back together. */
function backoffMs(failures: number): number {
  const delayMs = Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** Math.min(failures - 1, 20));
  return delayMs / 2 + (delayMs / 2) * Math.random();
}

/** Where timers can hold a process, this one does not. */
function unref<Timer extends ReturnType<typeof setTimeout>>(timer: Timer): Timer {
  if (typeof timer === 'object') timer.unref();
  return timer;
}
