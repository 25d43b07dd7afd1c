import { parseHttpDate, parseSeconds } from './http-date.ts';

/** Reproducible builds stamp their files 1970 or 1980; such a date says nothing about a publication. */
const EARLIEST_MS = Date.UTC(2000, 0, 1);

export interface ReadingTimes {
  readonly publishedAtMs?: number;
  readonly storeTimeMs?: number;
  /** For how long a cache on the way has had the answer. */
  readonly ageMs?: number;
}

/** What an answer's headers say about times, in Unix milliseconds. What cannot be trusted is left out. */
export function readingTimes(headers: Headers): ReadingTimes {
  const dateMs = parseHttpDate(headers.get('date'));
  const modifiedMs = parseHttpDate(headers.get('last-modified'));
  // Out of a cache, some send the date of then and some that of now.
  const ageSeconds = parseSeconds(headers.get('age')) ?? 0;
  const isOfNow = ageSeconds === 0;
  const isSound =
    modifiedMs !== undefined && modifiedMs >= EARLIEST_MS && (dateMs === undefined || modifiedMs <= dateMs);
  return {
    ...(isSound && { publishedAtMs: modifiedMs }),
    ...(dateMs !== undefined && isOfNow && { storeTimeMs: dateMs }),
    // Nobody asked the origin since: the flags are that old, and staleness has to know (RFC 9111, 5.1).
    ...(!isOfNow && { ageMs: ageSeconds * 1000 }),
  };
}

/**
 * `Retry-After` in milliseconds from now: it comes in seconds, or as a date by the server's clock (RFC 9110, 10.2.3).
 */
export function retryAfterMs(headers: Headers, nowMs: number): number | undefined {
  const text = headers.get('retry-after');
  const seconds = parseSeconds(text);
  if (seconds !== undefined) return seconds * 1000;
  const untilMs = parseHttpDate(text);
  if (untilMs === undefined) return undefined;
  return Math.max(0, untilMs - (parseHttpDate(headers.get('date')) ?? nowMs));
}
