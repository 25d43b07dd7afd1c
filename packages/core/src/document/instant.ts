const INSTANT =
  /^(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.(\d{1,9}))?)?(?:Z|([+-])([01]\d|2[0-3]):([0-5]\d))$/;

/**
 * Unix milliseconds of an ISO 8601 instant with a zone, like `2026-11-01T09:00:00Z` or `...T09:00+01:00`; undefined for anything else,
 * also for a day that its month does not have. Not `Date.parse`: runtimes differ on both.
 */
export function parseInstant(text: string): number | undefined {
  const parts = INSTANT.exec(text);
  if (parts === null) return undefined;
  const [year, month, day, hour, minute, second, zoneHour, zoneMinute] = [1, 2, 3, 4, 5, 6, 9, 10].map((index) => Number(parts[index] ?? 0)) as [
    number, number, number, number, number, number, number, number,
  ];
  // Not Date.UTC, which takes years below 100 for 19xx.
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCDate() !== day) return undefined;
  const offset = (zoneHour * 60 + zoneMinute) * (parts[8] === '-' ? -1 : 1);
  return date.getTime() + ((hour * 60 + minute - offset) * 60 + second) * 1000 + Math.trunc(Number(`0.${parts[7] ?? 0}`) * 1000);
}

/** Whether `text` has the form of an instant, whatever its month's length. */
export function isInstantForm(text: string): boolean {
  return INSTANT.test(text);
}
