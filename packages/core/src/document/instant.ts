import { must } from './must.ts';

const INSTANT = /^\d{4}-\d\d-\d\dT([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,9})?)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/;

/**
 * Unix milliseconds of an ISO 8601 instant with a zone, like `2026-11-01T09:00:00Z` or `...T09:00+01:00`; undefined for
 * anything else, also for a day that its month does not have, which `Date.parse` takes for one of the next month in
 * some runtimes.
 */
export function parseInstant(text: string): number | undefined {
  const day = new Date(text.slice(0, 10)).getUTCDate();
  return INSTANT.test(text) && day === +text.slice(8, 10) ? Date.parse(text) : undefined;
}

/**
 * Whether a number is surely of Unix seconds: one of 1973 to 5138. As milliseconds it would be of January 1970 to March
 * 1973.
 */
export function resemblesSeconds(unix: number): boolean {
  return unix >= 1e8 && unix < 1e11;
}

/** Unix milliseconds of an instant, or what stands for one that is left out. Throws for anything else. */
export function instantOf(text: string | undefined, leftOut?: number): number {
  const ms = text === undefined ? leftOut : parseInstant(text);
  must(ms !== undefined);
  return ms;
}

/** Whether instants follow each other. Those that are left out do not matter. */
export function areRising(...texts: readonly (string | undefined)[]): boolean {
  const instants = texts.filter((one) => one !== undefined).map((one) => parseInstant(one)!);
  return instants.every((one, index) => index === 0 || one > instants[index - 1]!);
}
