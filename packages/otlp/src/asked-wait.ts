/** No answer silences a process for longer: an hour. */
const LONGEST_MS = 3_600_000;

/**
 * How long an answer asks to be left alone, in milliseconds: `Retry-After` in seconds or as a date (RFC 9110, 10.2.3),
 * 0 to an hour.
 */
export function askedWaitMs(headers: Headers): number {
  const asked = headers.get('retry-after') ?? '';
  const seconds = Number(asked);
  // A date is one of the collector's clock.
  const ms = seconds > 0 ? seconds * 1_000 : Date.parse(asked) - (Date.parse(headers.get('date') ?? '') || Date.now());
  return ms > 0 ? Math.min(ms, LONGEST_MS) : 0;
}
