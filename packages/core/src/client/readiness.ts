import type { Freshness } from '../refresh/freshness.ts';
import type { State } from '../refresh/state.ts';
import type { ReadyOptions } from './flag-client.ts';
import { InvalidOptionsError, OptionReader } from './options/option-reader.ts';

/** The wait for flags was in vain. The client goes on trying, unless it was closed, and serves what it has. */
export class NotReadyError extends Error {
  constructor(timeoutMs: number, from: 'source' | 'any', { lastError, state }: Freshness, closed: boolean) {
    const wanted = from === 'source' ? 'verified by a source' : 'from anywhere';
    const cause = lastError === null ? 'no source has answered yet' : `${lastError.source}: ${lastError.message}`;
    const when = closed ? 'before the client was closed' : `within ${timeoutMs} ms`;
    super(`no flags ${wanted} ${when} (freshness: ${state}): ${cause}${closed ? '' : '; the client goes on trying'}`);
    this.name = 'NotReadyError';
  }
}

/** What a wait for flags asks for. Throws `InvalidOptionsError`. */
export function readyOptions(options: ReadyOptions): Required<ReadyOptions> {
  const read = new OptionReader({});
  const timeoutMs = read.duration({ option: 'timeoutMs' }, options.timeoutMs, 5_000);
  const from = read.choice({ option: 'from' }, options.from, 'source', ['source', 'any']);
  if (read.problems.length > 0) throw new InvalidOptionsError(read.problems);
  return { timeoutMs, from };
}

interface Waiter {
  readonly from: 'source' | 'any';
  settle(): void;
  refuse(): void;
}

/** Those who wait for flags. */
export class Readiness {
  readonly #waiters = new Set<Waiter>();
  #closed = false;

  /** Lets go of callers who have what they waited for. */
  update(state: State): void {
    for (const waiter of this.#waiters) {
      if (isReady(state, waiter.from)) waiter.settle();
    }
  }

  /** Nothing will come any more: callers who wait are refused at once. */
  close(): void {
    this.#closed = true;
    for (const waiter of this.#waiters) waiter.refuse();
  }

  /**
   * Resolves when flags are there, or rejects with `refusal()` after `timeoutMs`. Its timer holds the process: somebody
   * waits.
   */
  wait(state: State, { timeoutMs, from }: Required<ReadyOptions>, refusal: (closed: boolean) => Error): Promise<void> {
    if (isReady(state, from)) return Promise.resolve();
    if (this.#closed) return Promise.reject(refusal(true));
    return new Promise((resolve, reject) => {
      const end = (): void => {
        clearTimeout(timer);
        this.#waiters.delete(waiter);
      };
      const waiter: Waiter = {
        from,
        settle: () => {
          end();
          resolve();
        },
        refuse: () => {
          end();
          reject(refusal(this.#closed));
        },
      };
      const timer = setTimeout(() => waiter.refuse(), timeoutMs);
      this.#waiters.add(waiter);
    });
  }
}

export function isReady(state: State, from: 'source' | 'any'): boolean {
  return from === 'source' ? state.verifiedAt !== undefined : state.served !== undefined;
}
