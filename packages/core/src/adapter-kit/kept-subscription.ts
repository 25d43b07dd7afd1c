/** One subscription over a connection of its own, for as long as it is wanted: lost, it is made again. */
import type { FeedListener, Notice } from '../ports/feed.ts';
import { StoreError, toStoreError } from '../ports/store-error.ts';
import { type Backoff, backoffMs } from './backoff.ts';
import { keepHeartbeat } from './heartbeat.ts';
import type { KeptConnection } from './kept-connection.ts';
import { Patience } from './patience.ts';
import type { Subscription } from './subscriptions.ts';
import { unref } from './unref.ts';

const BACKOFF: Backoff = { firstMs: 100, longestMs: 10_000 };

export interface KeptSubscriptionSettings {
  /**
   * Connects, and resolves once the store has acknowledged the subscription. Each message that comes then is handed to
   * `hear`.
   */
  readonly open: (hear: (message: string) => void, signal: AbortSignal) => Promise<KeptConnection>;
  readonly parse: (message: string) => Notice;
  /** What is tried: completes "cannot ...". Holds no secret. */
  readonly attempt: string;
  /** What is said of an attempt that took longer than `connectTimeoutMs`. */
  readonly late: () => StoreError;
  readonly connectTimeoutMs: number;
  readonly heartbeatMs: number;
}

export class KeptSubscription implements Subscription {
  readonly #settings: KeptSubscriptionSettings;
  readonly #listener: FeedListener;
  readonly #ending = new AbortController();
  readonly #patience: Patience;
  #connection: KeptConnection | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;
  /** Losses and failed attempts since the subscription last held for a heartbeat. */
  #failures = 0;

  constructor(settings: KeptSubscriptionSettings, listener: FeedListener) {
    this.#settings = settings;
    this.#listener = listener;
    this.#patience = new Patience(settings.heartbeatMs, settings.connectTimeoutMs);
  }

  /**
   * The first attempt. Resolves once the subscription is acknowledged.
   *
   * @throws StoreError, and then nothing of it is left.
   */
  async start(): Promise<void> {
    try {
      await this.#attempt();
    } catch (error) {
      this.end();
      throw error;
    }
  }

  /** Ends it, also in the middle of an attempt. No listener is called from then on. Idempotent. */
  end(): void {
    this.#ending.abort(new StoreError('unavailable', 'the subscription has ended', { retryable: false }));
    clearTimeout(this.#retry);
    this.#connection?.end();
  }

  /** Resolves once its connection is gone. */
  async ended(): Promise<void> {
    await this.#connection?.lost;
  }

  async #attempt(): Promise<void> {
    const { open, parse, late, connectTimeoutMs, heartbeatMs } = this.#settings;
    const deadline = new AbortController();
    const timer = unref(setTimeout(() => deadline.abort(late()), connectTimeoutMs));
    const stop = (): void => deadline.abort(this.#ending.signal.reason);
    this.#ending.signal.addEventListener('abort', stop, { once: true });
    const sinceMs = performance.now();
    let connection: KeptConnection;
    try {
      this.#ending.signal.throwIfAborted();
      connection = await open((message) => this.#tell((listener) => listener.notice(parse(message))), deadline.signal);
    } finally {
      clearTimeout(timer);
      this.#ending.signal.removeEventListener('abort', stop);
    }
    this.#connection = connection;
    this.#patience.heard(performance.now() - sinceMs);
    if (this.#ending.signal.aborted) return connection.end();
    connection.keepAlive(false);
    void keepHeartbeat(connection, heartbeatMs, this.#patience);
    void this.#keep(connection);
  }

  /** Until the connection is lost. */
  async #keep(connection: KeptConnection): Promise<void> {
    const sinceMs = performance.now();
    const error = await connection.lost;
    if (performance.now() - sinceMs >= this.#settings.heartbeatMs) this.#failures = 0;
    if (this.#ending.signal.aborted) return;
    this.#tell((listener) => listener.down(error));
    this.#tryAgain(error);
  }

  #tryAgain(last: StoreError): void {
    if (this.#ending.signal.aborted) return;
    this.#failures += 1;
    this.#retry = unref(
      setTimeout(
        () => {
          this.#attempt().then(
            () => this.#tell((listener) => listener.up()),
            (failure: unknown) => {
              const error = toStoreError(failure, this.#settings.attempt);
              // Told again only when something else is to be done about it: the connection was lost because the
              // rights were.
              if (error.reason !== last.reason) this.#tell((listener) => listener.down(error));
              this.#tryAgain(error);
            },
          );
        },
        backoffMs(this.#failures, BACKOFF),
      ),
    );
  }

  /**
   * Ports promise that listeners do not throw; one that does must not become an uncaught exception of a socket (F45).
   */
  #tell(call: (listener: FeedListener) => void): void {
    if (this.#ending.signal.aborted) return;
    try {
      call(this.#listener);
    } catch {
      // The caller isolates its listener and counts what it throws; here there is nobody to tell.
    }
  }
}
