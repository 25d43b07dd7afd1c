import { FIRST_BACKOFF_MS, pauseMs, type Settings } from './settings.ts';

/**
 * How late a published change can arrive, computed from the options. Null where there is no bound (mode `none`).
 *
 * With pause P (the interval; in `pubsub` half the staleness threshold), jitter j, deadline T, longest backoff B and
 * longest break R:
 *
 * - healthy: `P * (1 + j) + T`: the change was published just after a read; the next one begins a jittered pause after that
 *   one ended and takes its whole deadline.
 * - after an outage: `T + max(B, R * 1.1) + T`: when the store comes back, an attempt that is doomed has just begun, then one full wait passes,
 *   then one attempt succeeds.
 */
export interface Bound {
  /** While the store answers, in milliseconds. With a feed that is up, changes usually arrive far sooner; notices can be lost. */
  readonly healthyMs: number | null;
  /** Counted from the moment at which the store answers again after an outage of any length, in milliseconds. */
  readonly afterOutageMs: number | null;
  /** The figures, for people. */
  readonly arithmetic: string;
}

/** The bound of these settings, after an outage of `outageMs` (default: any length). */
export function boundOf(settings: Settings, outageMs = Number.POSITIVE_INFINITY): Bound {
  const pause = pauseMs(settings);
  if (pause === undefined) {
    return { healthyMs: null, afterOutageMs: null, arithmetic: 'mode none reads only when asked: no bound' };
  }
  const { jitter, timeoutMs } = settings;
  const healthyMs = wholeMs(pause * (1 + jitter)) + timeoutMs;
  const wait = longestWaitMs(settings, pause, outageMs);
  return {
    healthyMs,
    afterOutageMs: 2 * timeoutMs + wait,
    arithmetic:
      `healthy: ${pause} ms * (1 + ${jitter}) + ${timeoutMs} ms deadline = ${healthyMs} ms; ` +
      `after an outage: ${timeoutMs} ms doomed attempt + ${wait} ms longest wait + ${timeoutMs} ms deadline = ${2 * timeoutMs + wait} ms`,
  };
}

/** The longest wait between two attempts that an outage of this length can have led to. */
function longestWaitMs(settings: Settings, pause: number, outageMs: number): number {
  const { breaker, jitter } = settings;
  let longest = wholeMs(pause * (1 + jitter));
  let failures = 0;
  let elapsed = 0;
  let breakMs = breaker.recoveryTimeoutMs;
  // Follows the shortest possible waits, so that it counts at least as many failures as a real outage of this length can.
  while (elapsed <= outageMs) {
    failures++;
    if (failures < breaker.failureThreshold) {
      const delay = Math.min(pause, FIRST_BACKOFF_MS * 2 ** Math.min(failures - 1, 30));
      longest = Math.max(longest, delay);
      elapsed += delay / 2;
      continue;
    }
    longest = Math.max(longest, wholeMs(breakMs * 1.1));
    if (breakMs >= breaker.maxRecoveryTimeoutMs || breaker.growth === 1) break;
    elapsed += breakMs;
    breakMs = Math.min(breaker.maxRecoveryTimeoutMs, breakMs * breaker.growth);
  }
  return longest;
}

/** Rounded up, but not for the sake of a binary fraction: 50,000 * 1.1 is a hair above 55,000. */
function wholeMs(ms: number): number {
  return Math.ceil(ms - 1e-6);
}
