import type { Server } from 'node:http';
import type { Application } from 'express';

export interface ServerWatcher {
  /** Somebody asked a server to close. It waits for its connections, so what does not end by itself is to be ended. */
  readonly closing: () => void;
  /** The last server has closed. Called once. */
  readonly closed: () => void;
}

/**
 * Watches the servers of an application: the given one, and each that `app.listen` makes from now on. A server that
 * never began to listen does not count as one that has closed.
 */
export function watchServers(app: Application, server: Server | undefined, watcher: ServerWatcher): void {
  const listening = new Set<Server>();
  let told = false;

  const watch = (watched: Server): void => {
    if (watched.listening) listening.add(watched);
    else watched.once('listening', () => listening.add(watched));
    // Node tells when a server has closed, and not when it begins to.
    const close = watched.close.bind(watched);
    watched.close = (callback) => {
      watcher.closing();
      return close(callback);
    };
    watched.once('close', () => {
      if (!listening.delete(watched) || listening.size > 0 || told) return;
      told = true;
      watcher.closed();
    });
  };

  if (server !== undefined) watch(server);
  // Express gives no event for this; its own `listen` makes the server and hands it out.
  const listen = app.listen.bind(app) as (...args: unknown[]) => Server;
  app.listen = ((...args: unknown[]) => {
    const made = listen(...args);
    watch(made);
    return made;
  }) as typeof app.listen;
}
