/** The times of a reading, leaving out what the store did not say. */
export function timesOf(
  publishedAtMs: number | undefined,
  storeTimeMs: number | undefined,
): { readonly publishedAtMs?: number; readonly storeTimeMs?: number } {
  return { ...(publishedAtMs !== undefined && { publishedAtMs }), ...(storeTimeMs !== undefined && { storeTimeMs }) };
}
