import type { LogEntry } from '../../refresh/protocol.ts';

/**
 * By this key a client takes lines for its log from other parts of this package, also where an application holds two
 * copies.
 */
export const SAY: unique symbol = Symbol.for('@clarity/flags-core/say') as never;

/** Whether the client has a log of its own, and now this line in it. */
export function say(client: object, entry: LogEntry): boolean {
  const own = (client as { readonly [SAY]?: (entry: LogEntry) => void })[SAY];
  own?.call(client, entry);
  return own !== undefined;
}
