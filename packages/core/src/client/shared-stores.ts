import { settledWithin } from '../adapter-kit/settled-within.ts';

/** What has a name and can be closed. */
interface Closable {
  readonly name: string;
  close(): Promise<void>;
}

/**
 * Where the process keeps how many clients use a source or a feed: each entry has a copy of this module, as has each
 * version of this package, and a source may be handed to clients of several. Another kind of count needs another key.
 */
const USERS: unique symbol = Symbol.for('@clarity/flags-core/users') as never;

/**
 * Notes that one more client uses these, and returns what ends that: it gives those that no client uses any more, which
 * are to be closed.
 */
export function use(used: ReadonlySet<Closable>): () => readonly Closable[] {
  const users = ((globalThis as { [USERS]?: WeakMap<Closable, number> })[USERS] ??= new WeakMap());
  const add = (one: Closable, more: number): number => {
    const count = (users.get(one) ?? 0) + more;
    users.set(one, count);
    return count;
  };
  for (const one of used) add(one, 1);
  return () => [...used].filter((one) => add(one, -1) === 0);
}

/**
 * Closes everything at once and settles within `timeoutMs`, even if one of them never closes. Gives the names of those
 * that had not closed by then, or that refused to.
 */
export async function releaseAll(closables: readonly Closable[], timeoutMs: number): Promise<readonly string[]> {
  // By object: source and feed of one store may bear the same name.
  const open = new Set(closables);
  const closing = closables.map(async (closable) => {
    await closable.close();
    open.delete(closable);
  });
  await settledWithin(timeoutMs, closing);
  return [...open].map(({ name }) => name);
}
