import { atLeast, jittered } from './rhythm.ts';
import { type BreakerSettings, FIRST_BACKOFF_MS, pauseMs, type Settings } from './settings.ts';

/**
 * How late a published change can arrive, computed from the options. Null where there is no bound (mode `none`).
 *
 * With pause P (the interval; in `pubsub` half the staleness threshold), jitter j, deadline T and longest wait W (of a
 * pause, a backoff, and a break with its tenth):
 *
 * - healthy: `T + P * (1 + j) + T`: the change is published just after the store has answered a read, whose answer
 * takes the rest
 *   of its deadline to arrive; the next read begins a jittered pause after that, and takes its whole deadline.
 * - after an outage: `T + W + T`: when the store comes back, an attempt that is doomed has just begun, then one full
 * wait passes,
 *   then one attempt succeeds.
 *
 * Waits are whole milliseconds, rounded up.
 */
export interface Bound {
  /**
   * While the store answers, in milliseconds. With a feed that is up, changes usually arrive far sooner; notices can be
   * lost.
   */
  readonly healthyMs: number | null;
  /** Counted from the moment at which the store answers again after an outage of any length, in milliseconds. */
  readonly afterOutageMs: number | null;
  /** The figures, for people. */
  readonly arithmetic: string;
}

/**
 * The bound of these settings, after an outage of `outageMs` (default: any length). One of a given length is reckoned
 * with the attempts that the client makes by itself and for notices: manual refreshes during it can open the breaker
 * sooner.
 */
export function boundOf(settings: Settings, outageMs = Number.POSITIVE_INFINITY): Bound {
  const pause = pauseMs(settings);
  if (pause === undefined) {
    return { healthyMs: null, afterOutageMs: null, arithmetic: 'mode none reads only when asked: no bound' };
  }
  const { jitter, timeoutMs } = settings;
  const healthyMs = healthyMsOf(settings, pause);
  const wait = longestWaitMs(settings, pause, outageMs);
  return {
    healthyMs,
    afterOutageMs: 2 * timeoutMs + wait,
    arithmetic:
      `healthy: ${timeoutMs} ms answer on its way + ${pause} ms * (1 + ${jitter}) + ${timeoutMs} ms deadline = ${healthyMs} ms; ` +
      `after an outage: ${timeoutMs} ms doomed attempt + ${wait} ms longest wait + ${timeoutMs} ms deadline = ${2 * timeoutMs + wait} ms`,
  };
}

function healthyMsOf({ jitter, timeoutMs }: Settings, pause: number): number {
  return longestUsualMs(pause, jitter) + 2 * timeoutMs;
}

/** What `staleAfterMs` must be above, if it is not, for flags to be never called stale while everything works. */
export function leastStaleAfterMs(settings: Settings): number | undefined {
  const pause = pauseMs(settings);
  const healthyMs = pause === undefined ? 0 : healthyMsOf(settings, pause);
  return settings.staleAfterMs > healthyMs ? undefined : healthyMs;
}

/** The longest wait between two attempts that an outage of this length can have led to. */
function longestWaitMs(settings: Settings, pause: number, outageMs: number): number {
  const { breaker, jitter } = settings;
  const leftMs = outageMs - soonestOpenMs(settings, pause);
  const usual = longestUsualMs(pause, jitter);
  return leftMs < 0 ? usual : Math.max(usual, Math.ceil(atLeast(longestBreakMs(breaker, leftMs), 1)));
}

/**
 * How soon an outage can open the breaker: by the shortest waits that there are, so that no real one opens it sooner.
 */
function soonestOpenMs({ breaker, feed, minNoticeGapMs }: Settings, pause: number): number {
  let elapsed = 0;
  for (let failures = 1; failures < breaker.failureThreshold; failures++) {
    const backoff = Math.min(pause, FIRST_BACKOFF_MS * 2 ** Math.min(failures - 1, 30)) / 2;
    elapsed += feed === undefined ? backoff : Math.min(backoff, minNoticeGapMs);
  }
  return elapsed;
}

/** A growth so small that it takes more breaks than this is reckoned with in one step. */
const MOST_BREAKS = 1_000;

/** The longest break of a breaker that can have been open for `openMs`. */
function longestBreakMs({ recoveryTimeoutMs, growth, maxRecoveryTimeoutMs }: BreakerSettings, openMs: number): number {
  if (growth === 1) return recoveryTimeoutMs;
  let breakMs = recoveryTimeoutMs;
  let elapsed = breakMs;
  for (let breaks = 1; elapsed <= openMs && breakMs < maxRecoveryTimeoutMs; breaks++) {
    // Breaks of R, R * g, R * g^2 ... add up so that the one that begins after e is R + e * (g - 1).
    if (breaks === MOST_BREAKS) return Math.min(maxRecoveryTimeoutMs, recoveryTimeoutMs + openMs * (growth - 1));
    breakMs = Math.min(maxRecoveryTimeoutMs, breakMs * growth);
    elapsed += breakMs;
  }
  return breakMs;
}

/** The usual pause where chance makes it as long as it can be. */
function longestUsualMs(pause: number, jitter: number): number {
  return Math.ceil(jittered(pause, jitter, 1));
}
