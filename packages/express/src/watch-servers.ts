import type { Server } from 'node:http';
import type { Application } from 'express';

/**
 * Calls `onClosed` once when the last server of an application has closed: the given one, and each that `app.listen` makes
 * from now on. A server that never began to listen does not count.
 */
export function watchServers(app: Application, server: Server | undefined, onClosed: () => void): void {
  const listening = new Set<Server>();
  let told = false;

  const watch = (watched: Server): void => {
    if (watched.listening) listening.add(watched);
    else watched.once('listening', () => listening.add(watched));
    watched.once('close', () => {
      if (!listening.delete(watched) || listening.size > 0 || told) return;
      told = true;
      onClosed();
    });
  };

  if (server !== undefined) watch(server);
  // Express gives no event for this; its own `listen` makes the server and hands it out.
  const listen = app.listen as (...args: unknown[]) => Server;
  app.listen = ((...args: unknown[]) => {
    const made = listen.apply(app, args);
    watch(made);
    return made;
  }) as typeof app.listen;
}
