import type { ClientEvents } from '@clarity/flags-core';

/** Who listens to a test client. What a listener throws is counted and goes no further, as with the real client (F45). */
export class TestEvents {
  readonly #byName = new Map<keyof ClientEvents, Set<(event: never) => void>>();
  isolatedErrors = 0;

  /** Tells the listener the present state once, on a microtask, if there is one. */
  add<Name extends keyof ClientEvents>(
    name: Name,
    listener: (event: ClientEvents[Name]) => void,
    present: ClientEvents[Name] | undefined,
  ): () => void {
    const listeners = this.#byName.get(name) ?? new Set();
    this.#byName.set(name, listeners);
    // A function of its own: one listener may be added twice.
    const own = (event: ClientEvents[Name]): void => listener(event);
    listeners.add(own);
    if (present !== undefined) {
      queueMicrotask(() => {
        if (listeners.has(own)) this.#isolated(() => own(present));
      });
    }
    return () => {
      listeners.delete(own);
    };
  }

  tell<Name extends keyof ClientEvents>(name: Name, event: ClientEvents[Name]): void {
    const listeners = this.#byName.get(name) as ReadonlySet<(event: ClientEvents[Name]) => void> | undefined;
    // A copy: a listener may add and remove listeners.
    for (const listener of Array.from(listeners ?? [])) this.#isolated(() => listener(event));
  }

  clear(): void {
    for (const listeners of this.#byName.values()) listeners.clear();
  }

  #isolated(call: () => void): void {
    try {
      call();
    } catch {
      this.isolatedErrors += 1;
    }
  }
}
