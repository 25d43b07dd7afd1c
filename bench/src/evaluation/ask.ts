// The loops that are timed. This file is loaded anew for each function that it asks (under another query), because an
// engine remembers at each call what it met there, and one subject's calls must not slow another's.

/** Asks `calls` questions: all contexts in turn, each time with other flags. Gives how many were answered with true. */
export function askEach(
  isEnabled: (key: string, context: unknown) => unknown,
  keys: readonly string[],
  contexts: readonly unknown[],
  calls: number,
): number {
  let on = 0;
  let key = 0;
  let context = 0;
  for (let call = 0; call < calls; call++) {
    if (isEnabled(keys[key]!, contexts[context]) === true) on++;
    if (++key === keys.length) key = 0;
    if (++context === contexts.length) {
      context = 0;
      if (++key === keys.length) key = 0;
    }
  }
  return on;
}

/** The same where answers are promises. */
export async function awaitEach(
  isEnabled: (key: string, context: unknown) => unknown,
  keys: readonly string[],
  contexts: readonly unknown[],
  calls: number,
): Promise<number> {
  let on = 0;
  let key = 0;
  let context = 0;
  for (let call = 0; call < calls; call++) {
    if ((await isEnabled(keys[key]!, contexts[context])) === true) on++;
    if (++key === keys.length) key = 0;
    if (++context === contexts.length) {
      context = 0;
      if (++key === keys.length) key = 0;
    }
  }
  return on;
}
