/** The same name is printed at most this often: callers of a route that fails could fill the log. */
const REPEAT_AFTER_MS = 60_000;
/** Names come from the application's own code; more than these are printed as one. */
const MOST_NAMES = 20;

/**
 * A listener that never throws. Without one from the application only the error's name is printed, and once a minute:
 * messages and properties of an authorizer's errors may hold what it was given, a token included.
 */
export function safeErrorListener(onError: ((error: unknown) => void) | undefined): (error: unknown) => void {
  const printed = new Map<string, { readonly atMs: number; since: number }>();

  function print(error: unknown): void {
    const given = error instanceof Error ? error.name : typeof error;
    const name = printed.has(given) || printed.size < MOST_NAMES ? given : 'another error';
    const before = printed.get(name);
    const atMs = performance.now();
    if (before !== undefined && atMs - before.atMs < REPEAT_AFTER_MS) {
      before.since += 1;
      return;
    }
    printed.set(name, { atMs, since: 0 });
    const more = before === undefined || before.since === 0 ? '' : `, ${before.since} more since it was last said`;
    console.error(
      `[clarity-flags] an HTTP request could not be answered (${name}${more}); pass onError to see the whole error`,
    );
  }

  return (error) => {
    try {
      if (onError === undefined) print(error);
      else onError(error);
    } catch {
      // Nothing is left to tell.
    }
  };
}
