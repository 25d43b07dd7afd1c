/** Where source and publisher get their sessions: from a pool that was handed in, or over connections of their own. */
import { Patience, unref } from '@clarity/flags-core/adapter-kit';
import { StoreError } from '@clarity/flags-core/ports';
import { Connection } from './connection.ts';
import { isReply, lateError, postgresError } from './postgres-error.ts';
import type { PostgresPool, PostgresPoolClient } from './postgres-options.ts';
import { clientConfig, type ResolvedPostgres } from './resolve-postgres.ts';
import { lastRows, type Session, textQuery } from './session.ts';

type Work<T> = (session: Session) => Promise<T>;

export interface Sessions {
  /** Does `work` over a connection that nobody else uses meanwhile. @throws StoreError */
  run<T>(work: Work<T>, signal: AbortSignal): Promise<T>;
  /** Ends what was opened here. Idempotent. */
  close(): Promise<void>;
}

/** `attempt` completes "cannot ...". */
export function sessionsOf(resolved: ResolvedPostgres, attempt: string): Sessions {
  const { access } = resolved;
  return access.kind === 'pool' ? new PooledSessions(access.pool, attempt) : new OwnSessions(resolved, attempt);
}

class PooledSessions implements Sessions {
  readonly #pool: PostgresPool;
  readonly #attempt: string;

  constructor(pool: PostgresPool, attempt: string) {
    this.#pool = pool;
    this.#attempt = attempt;
  }

  async run<T>(work: Work<T>, signal: AbortSignal): Promise<T> {
    const client = await this.#lent(signal);
    let doubtful = false;
    let released = false;
    const release = (): void => {
      if (!released) client.release(doubtful);
      released = true;
    };
    // A connection that owes an answer to somebody who gave up is of no use to the next one.
    const discard = (): void => {
      doubtful = true;
      release();
    };
    signal.addEventListener('abort', discard, { once: true });
    try {
      signal.throwIfAborted();
      return await work({
        query: async (text, values) => {
          try {
            return lastRows(await client.query(textQuery(text, values)));
          } catch (error) {
            if (!isReply(error)) doubtful = true;
            throw postgresError(error, this.#attempt);
          }
        },
      });
    } finally {
      signal.removeEventListener('abort', discard);
      release();
    }
  }

  async close(): Promise<void> {}

  /** One that comes when its caller has gone goes back. */
  async #lent(signal: AbortSignal): Promise<PostgresPoolClient> {
    const lending = this.#pool.connect().catch((error: unknown) => {
      throw postgresError(error, this.#attempt);
    });
    let stop = (): void => {};
    const stopped = new Promise<never>((_, reject) => {
      stop = () => reject(postgresError(signal.reason, this.#attempt));
      signal.addEventListener('abort', stop, { once: true });
    });
    try {
      return await Promise.race([lending, stopped]);
    } catch (error) {
      lending.then((client) => client.release()).catch(() => undefined);
      throw error;
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }
}

/**
 * An idle connection to a server that was quick before is doubted when it does not answer within this time, in
 * milliseconds.
 */
const PATIENCE_MS = 1_000;

/** Opens a connection when it is first needed, keeps one for the next time, and opens another when that one is lost. */
class OwnSessions implements Sessions {
  readonly #resolved: ResolvedPostgres;
  readonly #attempt: string;
  readonly #closing = new AbortController();
  /** Those that still have a socket. */
  readonly #live = new Set<Connection>();
  readonly #patience: Patience;
  #idle: Connection | undefined;

  constructor(resolved: ResolvedPostgres, attempt: string) {
    this.#resolved = resolved;
    this.#attempt = attempt;
    this.#patience = new Patience(PATIENCE_MS, resolved.connectTimeoutMs);
  }

  /**
   * A connection that was idle may be gone without a word: a cable was pulled, a firewall forgot it. What is lost with
   * it, or meets silence for longer than the server is known to take, is done once more over a new one, unless the
   * answer comes while that one is being opened. So what is done must be fit to be done twice, and a slow server is not
   * asked more than a quick one (F94).
   */
  async run<T>(work: Work<T>, signal: AbortSignal): Promise<T> {
    const idle = this.#takeIdle();
    if (idle === undefined) return this.#use(await this.#open(), work, signal);
    const first = this.#use(idle, work, signal);
    let before: number;
    let fate: Fate;
    do {
      before = idle.receivedBytes;
      fate = await fateOf(first, idle, this.#patience.ms);
      if (fate === 'settled' || signal.aborted) return first;
      // A large document may be on its way over a slow line: as long as more of it comes.
    } while (fate === 'silent' && idle.receivedBytes > before);
    const opening = this.#open();
    if (fate === 'lost') return this.#use(await opening, work, signal);
    const answered = first.then(
      () => 'answered' as const,
      () => 'answered' as const,
    );
    const next = await Promise.race([answered, opening.catch(() => 'unreachable' as const)]);
    if (next === 'answered') opening.then((other) => this.#putBack(other)).catch(() => undefined);
    if (next === 'answered' || next === 'unreachable') return first;
    // Slow is not lost: whichever answers.
    const second = this.#use(next, work, signal);
    return Promise.any([first, second]).catch(() => second);
  }

  async close(): Promise<void> {
    this.#closing.abort(new StoreError('unavailable', 'closed', { retryable: false }));
    this.#idle = undefined;
    const live = [...this.#live];
    for (const connection of live) connection.end();
    await Promise.all(live.map(({ lost }) => lost));
  }

  #takeIdle(): Connection | undefined {
    const idle = this.#idle;
    this.#idle = undefined;
    return idle?.usable === true ? idle : undefined;
  }

  #putBack(connection: Connection): void {
    if (!connection.usable) return;
    if (this.#idle !== undefined || this.#closing.signal.aborted) return connection.end();
    connection.keepAlive(false);
    this.#idle = connection;
  }

  async #use<T>(connection: Connection, work: Work<T>, signal: AbortSignal): Promise<T> {
    // A connection that owes an answer to somebody who gave up may be half-open: nobody gets it any more.
    const drop = (): void => connection.end(postgresError(signal.reason, this.#attempt));
    connection.keepAlive(true);
    signal.addEventListener('abort', drop, { once: true });
    try {
      signal.throwIfAborted();
      return await work(connection);
    } finally {
      signal.removeEventListener('abort', drop);
      const { answeredAfterMs } = connection;
      if (answeredAfterMs !== undefined) this.#patience.heard(answeredAfterMs);
      this.#putBack(connection);
    }
  }

  async #open(): Promise<Connection> {
    const { access, connectTimeoutMs } = this.#resolved;
    const deadline = new AbortController();
    const timer = unref(
      setTimeout(() => deadline.abort(lateError(this.#attempt, 'connection', connectTimeoutMs)), connectTimeoutMs),
    );
    const close = (): void => deadline.abort(this.#closing.signal.reason);
    this.#closing.signal.addEventListener('abort', close, { once: true });
    if (this.#closing.signal.aborted) close();
    try {
      const connection = await Connection.open(clientConfig(access), this.#attempt, deadline.signal);
      this.#live.add(connection);
      void connection.lost.then(() => this.#live.delete(connection));
      return connection;
    } finally {
      clearTimeout(timer);
      this.#closing.signal.removeEventListener('abort', close);
    }
  }
}

type Fate = 'settled' | 'lost' | 'silent';

/** What becomes of a call within `patienceMs`: an answer or a refusal, a lost connection, or nothing yet. */
async function fateOf(call: Promise<unknown>, connection: Connection, patienceMs: number): Promise<Fate> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const silence = new Promise<'silent'>((resolve) => {
    timer = setTimeout(resolve, patienceMs, 'silent');
  });
  const settled = call.then(
    () => 'settled' as const,
    () => (connection.usable ? ('settled' as const) : ('lost' as const)),
  );
  try {
    return await Promise.race([settled, silence]);
  } finally {
    clearTimeout(timer);
  }
}
