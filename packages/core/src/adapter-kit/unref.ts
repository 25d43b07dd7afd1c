/**
 * Lets a timer run without keeping the process alive. Node and Bun give an object, Deno a number (and an object where
 * it imitates Node).
 */
export function unref<Timer>(timer: Timer): Timer {
  if (typeof timer === 'object' && timer !== null && 'unref' in timer && typeof timer.unref === 'function') {
    timer.unref();
  } else if (typeof timer === 'number') {
    const { Deno } = globalThis as { readonly Deno?: { unrefTimer?(timer: number): void } };
    Deno?.unrefTimer?.(timer);
  }
  return timer;
}
