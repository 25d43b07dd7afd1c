/** Durations whose unit was mistaken: code gives milliseconds, variables give seconds. */

/** A pause or a threshold below this was surely meant in seconds. */
export const BELIEVABLE_PAUSE_MS = 1_000;
/** A wait for an answer below this was. */
export const BELIEVABLE_WAIT_MS = 50;

/** Said of one in code that is shorter than anybody can mean it, when there is such a one. */
export function takenForSeconds(option: string, ms: number, believableFromMs: number): string | undefined {
  if (ms <= 0 || ms >= believableFromMs) return undefined;
  return `${option} is ${ms}, which is ${ms} ms: durations in code are milliseconds; if ${ms} s are meant, write ${ms * 1000}`;
}

/**
 * Said of one in a variable that was surely meant in milliseconds: hours that nobody counts in seconds, but whole
 * seconds in milliseconds.
 */
export function takenForMilliseconds(variable: string, ms: number): string | undefined {
  const seconds = ms / 1000;
  if (seconds < 5_000 || seconds % 1_000 !== 0 || seconds % 3_600 === 0) return undefined;
  const hours = (seconds / 3_600).toFixed(1);
  return `${variable} is ${seconds}, which is ${hours} h: durations in variables are seconds; if ${seconds} ms are meant, write ${seconds / 1000}`;
}
