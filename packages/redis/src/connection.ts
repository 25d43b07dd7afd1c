/** One connection of ours, for one life: it never connects again by itself, so its user knows when it was lost. */
import { type KeptConnection, outsideRequests } from '@clarity/flags-core/adapter-kit';
import { StoreError } from '@clarity/flags-core/ports';
import { Redis, type RedisOptions as IoredisOptions } from 'ioredis';
import type { ParsedAddress } from './resolve-redis.ts';
import { redisError } from './redis-error.ts';

/** How long a socket that does not end may linger, in milliseconds. */
const LINGER_MS = 100;

/** What keeps ioredis from acting on its own. */
function oneLife(connectTimeoutMs: number) {
  return {
    lazyConnect: true,
    retryStrategy: null,
    reconnectOnError: null,
    // A resubscription of its own that is rejected would be an unhandled rejection.
    autoResubscribe: false,
    autoResendUnfulfilledCommands: false,
    enableOfflineQueue: false,
    maxRetriesPerRequest: null,
    connectTimeout: connectTimeoutMs,
    disconnectTimeout: LINGER_MS,
    sentinelRetryStrategy: () => null,
    sentinelCommandTimeout: connectTimeoutMs,
    connectionName: 'clarity-flags',
  } satisfies IoredisOptions;
}

export function clientFor(address: ParsedAddress, connectTimeoutMs: number): Redis {
  // INFO, which the ready check asks for, is more than a reader of flags needs to be granted.
  return new Redis({ ...address, ...oneLife(connectTimeoutMs), enableReadyCheck: false });
}

/** The same as `client`, for a connection of ours; with `node`, to another node of its Cluster. */
export function clientLike(
  client: Redis,
  connectTimeoutMs: number,
  node?: { readonly host: string; readonly port: number },
): Redis {
  return client.duplicate({ ...oneLife(connectTimeoutMs), ...node });
}

export class Connection implements KeptConnection {
  readonly redis: Redis;
  /** Resolves, once the connection is gone, with the reason. Never rejects. */
  readonly lost: Promise<StoreError>;
  #attempt: string;
  #failure: StoreError | undefined;
  #ended = false;
  #receivedBytes = 0;
  /** How many had been received when the last reply was complete. */
  #repliedAtBytes = 0;
  /** When the oldest question that nothing has come in for yet was sent, by the monotonic clock. */
  #askedAtMs: number | undefined;
  #repliedAfterMs: number | undefined;

  private constructor(redis: Redis, attempt: string) {
    this.redis = redis;
    this.#attempt = attempt;
    // Also what keeps ioredis from printing errors.
    redis.on('error', (error) => {
      this.#failure ??= redisError(error, this.#attempt);
    });
    this.lost = new Promise((resolve) => {
      redis.once('end', () => {
        this.#ended = true;
        resolve(this.#failure ?? redisError(new Error('Connection is closed.'), this.#attempt));
      });
    });
  }

  /**
   * Connects. `attempt` completes "cannot ...". When `signal` aborts first, nothing of it is left.
   *
   * @throws StoreError
   */
  static async open(redis: Redis, attempt: string, signal: AbortSignal): Promise<Connection> {
    const connection = new Connection(redis, attempt);
    const stop = (): void => connection.end(redisError(signal.reason, attempt));
    signal.addEventListener('abort', stop, { once: true });
    try {
      signal.throwIfAborted();
      // It outlives a publisher's request, and its socket would hold that.
      await outsideRequests(() => redis.connect());
    } catch (error) {
      connection.end();
      throw connection.#failure ?? redisError(error, attempt);
    } finally {
      signal.removeEventListener('abort', stop);
    }
    // A database that was refused: ioredis says so and goes on in database 0.
    if (connection.#failure !== undefined) {
      connection.end();
      throw connection.#failure;
    }
    return connection;
  }

  get usable(): boolean {
    return !this.#ended && this.redis.status === 'ready' && this.redis.stream.writable;
  }

  /** What has come in since `limitReplies`. */
  get receivedBytes(): number {
    return this.#receivedBytes;
  }

  /** How long after it was asked the server began to reply the last time, in milliseconds. Since `limitReplies`. */
  get repliedAfterMs(): number | undefined {
    return this.#repliedAfterMs;
  }

  /** A command is about to be sent. */
  asked(): void {
    this.#askedAtMs ??= performance.now();
  }

  /**
   * From now on a reply of more than this ends the connection, with `too-large`: a download cannot be stopped in
   * another way.
   */
  limitReplies(mostBytes: number): void {
    this.redis.stream.on('data', (part: Uint8Array) => {
      if (this.#askedAtMs !== undefined) this.#repliedAfterMs = performance.now() - this.#askedAtMs;
      this.#askedAtMs = undefined;
      this.#receivedBytes += part.length;
      if (this.#receivedBytes - this.#repliedAtBytes <= mostBytes) return;
      this.end(new StoreError('too-large', `cannot ${this.#attempt}: a reply has more than ${mostBytes} bytes`));
    });
  }

  /** A reply is complete. Replies come in the order of the commands, so what comes now belongs to the next one. */
  replied(): void {
    this.#repliedAtBytes = this.#receivedBytes;
  }

  /** What it is for from now on: completes "cannot ..." of what may go wrong. */
  serves(purpose: string): void {
    this.#attempt = purpose;
  }

  ping(): Promise<unknown> {
    return this.redis.ping();
  }

  /** Whether this connection keeps the process alive. */
  keepAlive(keep: boolean): void {
    const { stream } = this.redis;
    if (keep) stream?.ref?.();
    else stream?.unref?.();
  }

  /** What went wrong with a command; when the connection went with it, why. */
  errorOf(error: unknown): StoreError {
    return this.usable ? redisError(error, this.#attempt) : (this.#failure ?? redisError(error, this.#attempt));
  }

  /** Ends it at once, also with commands under way and a server that hangs. Idempotent. */
  end(reason?: StoreError): void {
    if (this.#ended) return;
    this.#failure ??= reason;
    this.redis.disconnect();
    // Not waiting for the other side: it may be frozen.
    this.redis.stream?.destroy();
  }
}
