import { StoreError } from '@clarity/flags-core/ports';
import type { Cluster, Redis } from 'ioredis';

/**
 * Waits for a client that was handed in to be ready. Commands are not left to its offline queue: they would be carried
 * out long after their caller gave up. An attempt of the client to connect that fails meanwhile is the answer: waiting
 * on would end as a timeout, which says nothing of a wrong password or a server that is gone.
 */
export async function untilReady(client: Redis | Cluster, signal: AbortSignal): Promise<void> {
  if (client.status === 'ready') return;
  if (client.status === 'end') throw closedClient();
  signal.throwIfAborted();
  await new Promise<void>((resolve, reject) => {
    const waiters = waitersOf(client);
    const settle = (act: () => void): void => {
      signal.removeEventListener('abort', stop);
      waiters.remove(waiter);
      act();
    };
    const stop = (): void => settle(() => reject(signal.reason));
    const waiter: Waiter = { ready: () => settle(resolve), failed: (reason) => settle(() => reject(reason)) };
    waiters.add(waiter);
    signal.addEventListener('abort', stop, { once: true });
    // How that goes, the events tell.
    if (client.status === 'wait') client.connect().catch(() => undefined);
  });
}

interface Waiter {
  ready(): void;
  failed(reason: unknown): void;
}

/**
 * All who wait for one client, with one set of listeners while there are any: with listeners of its own for each, Node
 * would take eleven sources of one client for a leak, and warn.
 */
class Waiters {
  readonly #client: Redis | Cluster;
  readonly #waiters = new Set<Waiter>();

  constructor(client: Redis | Cluster) {
    this.#client = client;
  }

  add(waiter: Waiter): void {
    if (this.#waiters.size === 0)
      this.#client.on('ready', this.#ready).on('end', this.#ended).on('error', this.#failed);
    this.#waiters.add(waiter);
  }

  remove(waiter: Waiter): void {
    if (!this.#waiters.delete(waiter) || this.#waiters.size > 0) return;
    this.#client.off('ready', this.#ready).off('end', this.#ended).off('error', this.#failed);
  }

  readonly #ready = (): void => {
    for (const waiter of this.#waiters) waiter.ready();
  };

  readonly #ended = (): void => this.#failed(closedClient());

  readonly #failed = (reason: unknown): void => {
    for (const waiter of this.#waiters) waiter.failed(reason);
  };
}

const waitersByClient = new WeakMap<Redis | Cluster, Waiters>();

function waitersOf(client: Redis | Cluster): Waiters {
  const waiters = waitersByClient.get(client) ?? new Waiters(client);
  waitersByClient.set(client, waiters);
  return waiters;
}

function closedClient(): StoreError {
  return new StoreError(
    'unavailable',
    'the client that was handed in is closed and does not connect again; hand in an open one',
    { retryable: false },
  );
}
