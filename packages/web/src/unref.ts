/** Lets the process end though the timer is set. In browsers and workerd a timer is a number, and nothing waits for it. */
export function unref<Timer>(timer: Timer): Timer {
  if (typeof timer === 'object' && timer !== null && 'unref' in timer) (timer as { unref(): void }).unref();
  return timer;
}
