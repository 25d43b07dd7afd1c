/**
 * Where the source and the publisher send their commands: to a client that was handed in, or over a connection of their
 * own.
 */
import { Patience } from '@clarity/flags-core/adapter-kit';
import { isStoreError, StoreError } from '@clarity/flags-core/ports';
import type { Cluster, Redis } from 'ioredis';
import { clientFor, Connection } from './connection.ts';
import { codeOf, lateError, redisError } from './redis-error.ts';
import type { ParsedAddress, RedisAccess, ResolvedRedis } from './resolve-redis.ts';
import { untilReady } from './until-ready.ts';

type Work<T> = (redis: Redis | Cluster) => Promise<T>;

/**
 * An idle connection to a server that was quick before is doubted when it does not answer within this time, in
 * milliseconds.
 */
const PATIENCE_MS = 1_000;

export interface CommandClient {
  /** Sends what `work` sends, once there is a connection. @throws StoreError */
  run<T>(work: Work<T>, signal: AbortSignal): Promise<T>;
  /** Ends what was opened here. Idempotent. */
  close(): Promise<void>;
}

/**
 * `attempt` completes "cannot ...". A reply of more than `mostReplyBytes` ends a connection of its own with
 * `too-large`; a client that was handed in is left to read it to its end.
 */
export function commandClient(
  { access, connectTimeoutMs }: ResolvedRedis,
  attempt: string,
  mostReplyBytes: number = Number.POSITIVE_INFINITY,
): CommandClient {
  return access.kind === 'address'
    ? new OwnClient(access.address, { connectTimeoutMs, mostReplyBytes }, attempt)
    : new GivenClient(access, attempt);
}

type GivenAccess = Exclude<RedisAccess, { kind: 'address' }>;

class GivenClient implements CommandClient {
  readonly #client: Redis | Cluster;
  readonly #attempt: string;

  constructor({ client }: GivenAccess, attempt: string) {
    this.#client = client;
    this.#attempt = attempt;
  }

  async run<T>(work: Work<T>, signal: AbortSignal): Promise<T> {
    try {
      await untilReady(this.#client, signal);
      return await work(this.#client);
    } catch (error) {
      throw redisError(error, this.#attempt);
    }
  }

  async close(): Promise<void> {}
}

interface OwnLimits {
  readonly connectTimeoutMs: number;
  readonly mostReplyBytes: number;
}

/** Opens a connection when it is first needed, and another when that one is lost or no longer answers. */
class OwnClient implements CommandClient {
  readonly #address: ParsedAddress;
  readonly #limits: OwnLimits;
  readonly #attempt: string;
  readonly #closing = new AbortController();
  /** Those that still have a socket. */
  readonly #live = new Set<Connection>();
  readonly #patience: Patience;
  #current: Promise<Held> | undefined;

  constructor(address: ParsedAddress, limits: OwnLimits, attempt: string) {
    this.#address = address;
    this.#limits = limits;
    this.#attempt = attempt;
    this.#patience = new Patience(PATIENCE_MS, limits.connectTimeoutMs);
  }

  /**
   * A connection that was idle may be gone without a word: a cable was pulled, a firewall forgot it. What is lost with
   * it, or meets silence for longer than the server is known to take, is sent once more over a new one, unless the
   * answer comes while that one is being opened. So what is sent must be fit to be carried out twice, and a slow server
   * is not asked more than a quick one (F94).
   */
  async run<T>(work: Work<T>, signal: AbortSignal): Promise<T> {
    const held = await this.#connected();
    const wasIdle = held.answered;
    const first = this.#send(held, work, signal);
    if (!wasIdle) return first;
    let before: number;
    let fate: Fate;
    do {
      before = held.connection.receivedBytes;
      fate = await fateOf(first, held, this.#patience.ms);
      if (fate === 'settled' || signal.aborted) return first;
      // A large document may be on its way over a slow line: as long as more of it comes.
    } while (fate === 'silent' && held.connection.receivedBytes > before);
    held.doubt();
    const opening = this.#connected();
    if (fate === 'lost') return opening.then((other) => this.#send(other, work, signal));
    const answered = first.then(
      () => 'answered' as const,
      () => 'answered' as const,
    );
    const next = await Promise.race([answered, opening.catch(() => 'unreachable' as const)]);
    if (next === 'answered') {
      if (!signal.aborted) this.#trust(held, opening);
      return first;
    }
    held.retire();
    if (next === 'unreachable') return first;
    // Slow is not lost: whichever answers.
    const second = this.#send(next, work, signal);
    return Promise.any([first, second]).catch(() => second);
  }

  /** It was doubted and has answered after all: the one that was being opened in its place is not needed. */
  #trust(held: Held, opening: Promise<Held>): void {
    held.trust();
    if (!held.fit) return;
    this.#current = Promise.resolve(held);
    opening.then((other) => other.retire()).catch(() => undefined);
  }

  async #send<T>(held: Held, work: Work<T>, signal: AbortSignal): Promise<T> {
    // A connection that owes an answer to somebody who gave up may be half-open: nobody gets it any more.
    const suspect = (): void => held.retire();
    held.hold();
    held.connection.asked();
    signal.addEventListener('abort', suspect, { once: true });
    try {
      signal.throwIfAborted();
      const result = await work(held.connection.redis);
      held.answered = true;
      return result;
    } catch (error) {
      // A primary that was demoted keeps its connections. With this one lost, a command over it goes on to where the
      // address leads now.
      if (codeOf(error) === 'READONLY') held.retire();
      throw held.connection.errorOf(error);
    } finally {
      signal.removeEventListener('abort', suspect);
      held.connection.replied();
      const { repliedAfterMs } = held.connection;
      if (repliedAfterMs !== undefined) this.#patience.heard(repliedAfterMs);
      held.release();
    }
  }

  async close(): Promise<void> {
    this.#closing.abort(new StoreError('unavailable', 'closed', { retryable: false }));
    this.#current = undefined;
    const live = [...this.#live];
    for (const connection of live) connection.end();
    await Promise.all(live.map(({ lost }) => lost));
  }

  async #connected(): Promise<Held> {
    const before = this.#current;
    const held = await before?.catch(() => undefined);
    if (held?.fit === true) return held;
    // A call that comes meanwhile waits for the same one.
    if (this.#current === before) {
      this.#current = this.#open();
      this.#current.catch(() => undefined);
    }
    return this.#current ?? this.#connected();
  }

  async #open(): Promise<Held> {
    const { connectTimeoutMs, mostReplyBytes } = this.#limits;
    const deadline = new AbortController();
    const timer = setTimeout(
      () => deadline.abort(lateError(this.#attempt, 'connection', connectTimeoutMs, this.#address)),
      connectTimeoutMs,
    );
    const close = (): void => deadline.abort(this.#closing.signal.reason);
    this.#closing.signal.addEventListener('abort', close, { once: true });
    if (this.#closing.signal.aborted) close();
    try {
      const redis = clientFor(this.#address, connectTimeoutMs);
      const connection = await Connection.open(redis, this.#attempt, deadline.signal);
      connection.limitReplies(mostReplyBytes);
      this.#live.add(connection);
      void connection.lost.then(() => this.#live.delete(connection));
      return new Held(connection);
    } finally {
      clearTimeout(timer);
      this.#closing.signal.removeEventListener('abort', close);
    }
  }
}

/** A connection and how many calls are under way on it: while there is none, it does not keep the process alive. */
class Held {
  readonly connection: Connection;
  /** It has answered before: it may have been idle since. */
  answered = false;
  #calls = 0;
  #doubted = false;
  #retired = false;

  constructor(connection: Connection) {
    this.connection = connection;
    connection.keepAlive(false);
  }

  /** Whether another call may be sent over it. */
  get fit(): boolean {
    return !this.#doubted && !this.#retired && this.connection.usable;
  }

  hold(): void {
    this.#calls += 1;
    this.connection.keepAlive(true);
  }

  release(): void {
    this.#calls -= 1;
    if (this.#calls > 0) return;
    if (this.#retired) this.connection.end();
    else this.connection.keepAlive(false);
  }

  /** Nothing more is sent over it, until it is trusted again. */
  doubt(): void {
    this.#doubted = true;
  }

  trust(): void {
    this.#doubted = false;
  }

  /** Nothing more is sent over it, and it ends with its last call. */
  retire(): void {
    this.#retired = true;
    if (this.#calls === 0) this.connection.end();
  }
}

type Fate = 'settled' | 'lost' | 'silent';

/** What becomes of a call within `patienceMs`: an answer or a refusal, a lost connection, or nothing yet. */
async function fateOf(call: Promise<unknown>, held: Held, patienceMs: number): Promise<Fate> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<'silent'>((resolve) => {
    timer = setTimeout(resolve, patienceMs, 'silent');
  });
  const settled = call.then(
    () => 'settled' as const,
    // What was ended because it is too large would be so again.
    (error: unknown) =>
      held.connection.usable || (isStoreError(error) && error.reason === 'too-large') ? 'settled' : 'lost',
  );
  try {
    return await Promise.race([settled, silence]);
  } finally {
    clearTimeout(timer);
  }
}
