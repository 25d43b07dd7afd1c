/** One subscription, for as long as it is wanted: lost, it is made again; old, it is renewed. */
import { type Backoff, backoffMs, type Subscription, unref } from '@clarity/flags-core/adapter-kit';
import { type FeedListener, StoreError, type StoreErrorReason, toStoreError } from '@clarity/flags-core/ports';
import { parseRedisNotice } from '@clarity/flags-redis-protocol';
import { openEventStream } from './event-stream.ts';
import type { ResolvedUpstash } from './resolve-upstash.ts';

/** Each attempt costs a command. */
const BACKOFF: Backoff = { firstMs: 250, longestMs: 60_000 };
/** A stream that held for this long was a good one: the next loss begins with the first delay again. */
const HELD_MS = 30_000;
/** A subscription that is not acknowledged by then is given up. */
const ACKNOWLEDGE_MS = 10_000;

export class StreamSubscription implements Subscription {
  readonly #place: ResolvedUpstash;
  readonly #renewAfterMs: number;
  readonly #listener: FeedListener;
  readonly #ending = new AbortController();
  /** Ends the present stream. */
  #stop: AbortController | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Losses and failed attempts since a stream last held. */
  #failures = 0;
  /** Why the listener was told that the subscription is down, while it is. */
  #told: StoreErrorReason | undefined;

  constructor(place: ResolvedUpstash, renewAfterMs: number, listener: FeedListener) {
    this.#place = place;
    this.#renewAfterMs = renewAfterMs;
    this.#listener = listener;
  }

  /** The first attempt. Resolves once it is acknowledged. @throws StoreError, and then nothing of it is left. */
  async start(): Promise<void> {
    try {
      await this.#open(true);
    } catch (error) {
      this.end();
      throw error;
    }
  }

  /** Ends it, also in the middle of an attempt. No listener is called from then on. Idempotent. */
  end(): void {
    this.#ending.abort(new StoreError('unavailable', 'the subscription has ended', { retryable: false }));
    clearTimeout(this.#timer);
    this.#stop?.abort(this.#ending.signal.reason);
  }

  /** A new stream takes the place of the one before it, which is ended only then: nothing is missed between the two. */
  async #open(awaited: boolean): Promise<void> {
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
      const onMessage = (payload: string): void => {
        if (!stop.signal.aborted) this.#tell((listener) => listener.notice(parseRedisNotice(payload, { namespace })));
      };
      const { lost } = await openEventStream({ place: this.#place, onMessage, awaited }, stop.signal);
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

  /**
   * Until it is lost, or old. A connection that died without a word is found by its age: the stream has no heartbeat.
   */
  #keep(stop: AbortController, lost: Promise<StoreError>): void {
    const sinceMs = performance.now();
    this.#openLater(this.#renewAfterMs);
    void this.#untilLost(stop, lost, sinceMs);
  }

  async #untilLost(stop: AbortController, lost: Promise<StoreError>, sinceMs: number): Promise<void> {
    const error = await lost;
    if (stop.signal.aborted || this.#stop !== stop) return;
    stop.abort();
    if (performance.now() - sinceMs >= HELD_MS) this.#failures = 0;
    this.#lose(error);
  }

  /** Told again only when there is something else to do about it: a lost stream that turns out to be a lost right. */
  #lose(error: StoreError): void {
    if (this.#told !== error.reason) this.#tell((listener) => listener.down(error));
    this.#told = error.reason;
    this.#failures += 1;
    this.#openLater(backoffMs(this.#failures, BACKOFF));
  }

  /** Renews a stream, or opens one again. */
  #openLater(delayMs: number): void {
    clearTimeout(this.#timer);
    if (this.#ending.signal.aborted) return;
    this.#timer = unref(setTimeout(() => void this.#openAgain(), delayMs));
  }

  async #openAgain(): Promise<void> {
    try {
      await this.#open(false);
    } catch (error) {
      // Also the one that was to be renewed: it may be dead already.
      this.#stop?.abort();
      this.#lose(toStoreError(error, 'subscribing again'));
      return;
    }
    if (this.#told === undefined) return;
    this.#told = undefined;
    this.#tell((listener) => listener.up());
  }

  /** A listener that throws must not end the stream (F45). */
  #tell(call: (listener: FeedListener) => void): void {
    if (this.#ending.signal.aborted) return;
    try {
      call(this.#listener);
    } catch {
      // The caller isolates its listener and counts what it throws.
    }
  }
}
