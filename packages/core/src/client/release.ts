/** What has a name and can be closed. */
interface Closable {
  readonly name: string;
  close(): Promise<void>;
}

/**
 * Closes everything at once and settles within `timeoutMs`, whatever any of them does. Gives the names of those that had not
 * closed by then, or that refused to.
 */
export async function releaseAll(closables: readonly Closable[], timeoutMs: number): Promise<readonly string[]> {
  // By object: source and feed of one store may bear the same name.
  const open = new Set(closables);
  const closing = closables.map(async (closable) => {
    await closable.close();
    open.delete(closable);
  });
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, timeoutMs);
  });
  await Promise.race([Promise.allSettled(closing), timeout]);
  clearTimeout(timer);
  return [...open].map(({ name }) => name);
}
