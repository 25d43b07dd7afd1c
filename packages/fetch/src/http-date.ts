/** IMF-fixdate, the one form that servers may send (RFC 9110, 5.6.7). The obsolete forms are not worth the guessing. */
const IMF_FIXDATE =
  /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/** The date of a header in Unix milliseconds, or `undefined` when there is none that can be read. */
export function parseHttpDate(text: string | null): number | undefined {
  if (text === null || !IMF_FIXDATE.test(text)) return undefined;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? undefined : ms;
}

/** The number of a header that counts whole seconds, or `undefined`. */
export function parseSeconds(text: string | null): number | undefined {
  return text !== null && /^\d{1,10}$/.test(text.trim()) ? Number(text) : undefined;
}
