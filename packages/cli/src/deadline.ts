import { isStoreError, StoreError } from '@clarity/flags-core/ports';

export interface Deadline {
  /** Aborts when the time is over or the user interrupts, whichever comes first. */
  readonly signal: AbortSignal;
  /** Ends the waiting. Idempotent. */
  readonly clear: () => void;
}

/** What this deadline says once it is over: more than an adapter can, which only sees that somebody gave up. */
export function tooLate(signal: AbortSignal): StoreError | undefined {
  return signal.aborted && isStoreError(signal.reason) ? signal.reason : undefined;
}

/**
 * Begins to count now. It is a timer of our own because Node 20 forgets the timeout in `AbortSignal.any([interrupted,
 * AbortSignal.timeout(…)])` as soon as it collects garbage.
 */
export function deadline(timeoutMs: number, interrupted: AbortSignal): Deadline {
  const controller = new AbortController();
  const timer = setTimeout(
    () => controller.abort(new StoreError('timeout', `no answer within ${timeoutMs / 1000} s; --timeout allows more`)),
    timeoutMs,
  );
  const interrupt = (): void => controller.abort(interrupted.reason);
  interrupted.addEventListener('abort', interrupt, { once: true });
  if (interrupted.aborted) interrupt();
  return {
    signal: controller.signal,
    clear: () => {
      clearTimeout(timer);
      interrupted.removeEventListener('abort', interrupt);
    },
  };
}
