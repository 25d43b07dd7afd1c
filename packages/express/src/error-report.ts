/** Told about what went wrong in the flag layer, since no request shows it. What it throws is ignored. */
export type ErrorListener = (error: Error) => void;

/** The same line is printed at most this often: a context option that fails does so in every request. */
const REPEAT_AFTER_MS = 60_000;

/** A sentence about what failed and what happens instead, and its cause. Never throws. */
export type Report = (what: string, cause: unknown) => void;

/**
 * Without a listener from the application the sentence is printed with the cause's name alone: messages of errors that the
 * application's own code threw may hold what it knows about a user.
 */
export function errorReport(onError: ErrorListener | undefined): Report {
  const printedAtMs = new Map<string, number>();
  return (what, cause) => {
    try {
      if (onError !== undefined) {
        onError(new Error(what, { cause }));
        return;
      }
      const nowMs = performance.now();
      if (nowMs - (printedAtMs.get(what) ?? Number.NEGATIVE_INFINITY) < REPEAT_AFTER_MS) return;
      printedAtMs.set(what, nowMs);
      console.warn(`Clarity Flags: ${what} (${cause instanceof Error ? cause.name : typeof cause})`);
    } catch {
      // Nothing is left to tell.
    }
  };
}
