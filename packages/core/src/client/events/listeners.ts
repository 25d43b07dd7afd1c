import type { ClientEvents } from './events.ts';

type Listener<Name extends keyof ClientEvents> = (event: ClientEvents[Name]) => void;

/** Calls code that a user wrote, so that nothing it throws gets further; a promise it returns may reject in peace. */
export type Isolate = (where: 'listener' | 'hook' | 'logger' | 'sink' | 'tracer', call: () => unknown) => void;

/** Those who listen to a client. */
export class Listeners {
  readonly #byName = new Map<keyof ClientEvents, Set<Listener<never>>>();
  readonly #isolate: Isolate;

  constructor(isolate: Isolate) {
    this.#isolate = isolate;
  }

  /** Adds a listener and tells it `present` on a microtask, unless there is nothing to tell or it has left by then. */
  add<Name extends keyof ClientEvents>(
    name: Name,
    listener: Listener<Name>,
    present: () => ClientEvents[Name] | undefined,
  ): () => void {
    // First: for an event that does not exist, it throws.
    const event = present();
    const listeners = this.#byName.get(name) ?? new Set();
    this.#byName.set(name, listeners);
    // A listener that is added twice is told twice and leaves one at a time.
    const own: Listener<Name> = (event) => listener(event);
    listeners.add(own);
    if (event !== undefined) {
      queueMicrotask(() => {
        if (listeners.has(own)) this.#isolate('listener', () => listener(event));
      });
    }
    return () => listeners.delete(own);
  }

  tell<Name extends keyof ClientEvents>(name: Name, event: ClientEvents[Name]): void {
    const listeners = this.#byName.get(name) as Set<Listener<Name>> | undefined;
    if (listeners === undefined) return;
    // A copy: a listener may add listeners, which are told of this themselves, and remove some or close the client,
    // whereupon they hear nothing more.
    for (const listener of Array.from(listeners)) {
      if (listeners.has(listener)) this.#isolate('listener', () => listener(event));
    }
  }

  clear(): void {
    for (const listeners of this.#byName.values()) listeners.clear();
  }
}
