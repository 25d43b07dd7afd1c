/** One connection of ours, for one life: it never connects again by itself, so its user knows when it was lost. */
import { type KeptConnection, outsideRequests } from '@clarity/flags-core/adapter-kit';
import { StoreError } from '@clarity/flags-core/ports';
import { Client, type ClientConfig } from 'pg';
import { Socket } from 'node:net';
import { isReply, postgresError } from './postgres-error.ts';
import { lastRows, type Session, textQuery } from './session.ts';
import type { Row } from './statements.ts';

export class Connection implements KeptConnection, Session {
  /** Resolves, once the connection is gone, with the reason. Never rejects. */
  readonly lost: Promise<StoreError>;
  readonly #client: Client;
  readonly #socket: Socket;
  #attempt: string;
  #failure: StoreError | undefined;
  #ended = false;
  #asking = 0;
  #askedAtMs: number | undefined;
  #answeredAfterMs: number | undefined;

  private constructor(config: ClientConfig, attempt: string) {
    this.#attempt = attempt;
    const { stream } = config;
    // A socket of ours, so that it can be ended whatever the client waits for.
    const given = typeof stream === 'function' ? stream() : undefined;
    this.#socket = given instanceof Socket ? given : new Socket();
    this.#client = new Client({
      ...config,
      stream: () => given ?? this.#socket,
      keepAlive: true,
      application_name: 'clarity-flags',
      // The deadline is the caller's.
      connectionTimeoutMillis: 0,
    });
    // Also what keeps an error from being an uncaught one.
    this.#client.on('error', (error) => {
      this.#failure ??= postgresError(error, this.#attempt);
    });
    this.lost = new Promise((resolve) => {
      this.#client.once('end', () => {
        this.#ended = true;
        resolve(this.#failure ?? postgresError(new Error('Connection terminated'), this.#attempt));
      });
    });
  }

  /**
   * Connects. `attempt` completes "cannot ...". When `signal` aborts first, nothing of it is left.
   *
   * @throws StoreError
   */
  static async open(config: ClientConfig, attempt: string, signal: AbortSignal): Promise<Connection> {
    signal.throwIfAborted();
    const connection = new Connection(config, attempt);
    const stop = (): void => connection.end(postgresError(signal.reason, attempt));
    signal.addEventListener('abort', stop, { once: true });
    try {
      // It outlives a publisher's request, and its socket would hold that.
      await outsideRequests(() => connection.#client.connect());
    } catch (error) {
      const failure = connection.#failure ?? postgresError(error, attempt);
      connection.end(failure);
      throw failure;
    } finally {
      signal.removeEventListener('abort', stop);
    }
    connection.#socket.on('data', () => connection.#heard());
    return connection;
  }

  get usable(): boolean {
    return !this.#ended && this.#failure === undefined && this.#socket.writable;
  }

  /** What has come in so far. */
  get receivedBytes(): number {
    return this.#socket.bytesRead;
  }

  /** How long after it was asked the server began to answer the last time, in milliseconds. */
  get answeredAfterMs(): number | undefined {
    return this.#answeredAfterMs;
  }

  async query(text: string, values?: readonly (string | null)[]): Promise<readonly Row[]> {
    this.#asking += 1;
    this.#askedAtMs ??= performance.now();
    try {
      return lastRows(await this.#client.query(textQuery(text, values)));
    } catch (error) {
      if (isReply(error)) throw postgresError(error, this.#attempt);
      // The connection goes with it, also where its end has not come yet.
      this.#failure ??= postgresError(error, this.#attempt);
      throw this.#failure;
    } finally {
      this.#asking -= 1;
      this.#askedAtMs = undefined;
    }
  }

  /** Hears what is announced on the channels that are listened to. */
  onNotification(hear: (channel: string, payload: string) => void): void {
    this.#client.on('notification', ({ channel, payload = '' }) => hear(channel, payload));
  }

  /** An empty statement: nothing is planned, and nothing counted as a query. */
  ping(): Promise<unknown> {
    return this.query('');
  }

  /** What it is for from now on: completes "cannot ..." of what may go wrong. */
  serves(purpose: string): void {
    this.#attempt = purpose;
  }

  keepAlive(keep: boolean): void {
    if (keep) this.#socket.ref();
    else this.#socket.unref();
  }

  /** Ends it at once, also with a query under way and a server that hangs. Idempotent. */
  end(reason?: StoreError): void {
    if (this.#ended) return;
    this.#failure ??= reason ?? new StoreError('unavailable', 'the connection was closed', { retryable: false });
    if (this.#asking > 0 || this.#socket.connecting) {
      this.#socket.destroy();
      return;
    }
    // A farewell, so that the server's log does not speak of a lost client; and not waiting for the other side.
    this.#client.end().catch(() => undefined);
    this.#socket.destroySoon();
  }

  #heard(): void {
    if (this.#askedAtMs !== undefined) this.#answeredAfterMs = performance.now() - this.#askedAtMs;
    this.#askedAtMs = undefined;
  }
}
