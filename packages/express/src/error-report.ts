import type { Logger, LogLevel } from '@clarity/flags-core';

/** Told about what went wrong in the flag layer, since no request shows it. What it throws is ignored. */
export type ErrorListener = (error: Error) => void;

/** The same line is logged at most this often: a context option that fails does so in every request. */
const REPEAT_AFTER_MS = 60_000;

/** A sentence about what failed and what happens instead, and its cause. Never throws. */
export type Report = (what: string, cause: unknown) => void;

export interface ReportOptions {
  readonly onError?: ErrorListener;
  readonly logger?: Logger;
  readonly logLevel?: LogLevel;
}

/**
 * Without a listener from the application the sentence is logged with the cause's name alone: messages of errors that
 * the application's own code threw may hold what it knows about a user.
 */
export function errorReport({ onError, logger, logLevel = 'warn' }: ReportOptions): Report {
  const loggedAtMs = new Map<string, number>();
  return (what, cause) => {
    try {
      if (onError !== undefined) {
        onError(new Error(what, { cause }));
        return;
      }
      if (logLevel === 'error' || logLevel === 'silent') return;
      const nowMs = performance.now();
      if (nowMs - (loggedAtMs.get(what) ?? Number.NEGATIVE_INFINITY) < REPEAT_AFTER_MS) return;
      loggedAtMs.set(what, nowMs);
      const error = cause instanceof Error ? cause.name : typeof cause;
      if (logger === undefined) console.warn(`[clarity-flags] ${what} (${error})`);
      else logger.log({ level: 'warn', message: what, fields: { error } });
    } catch {
      // Nothing is left to tell.
    }
  };
}
