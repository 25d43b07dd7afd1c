import type { FlagDocument } from '../../document/types.ts';

/**
 * Keys of flags that one document has and the other has not, or has otherwise; sorted. Segments, layers and holdouts
 * that differ may change any flag.
 */
export function changedKeys(before: FlagDocument, after: FlagDocument): readonly string[] {
  const keys = new Set([...Object.keys(before.flags), ...Object.keys(after.flags)]);
  const all = [...keys].toSorted();
  if ((['segments', 'layers', 'holdouts'] as const).some((table) => !isEqual(before[table], after[table]))) return all;
  return all.filter((key) => !isEqual(before.flags[key], after.flags[key]));
}

/** Equality of JSON values; the order of an object's keys does not count. Depth is bounded by the decoder. */
function isEqual(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const names = Object.keys(one);
  if (names.length !== Object.keys(other).length) return false;
  return names.every(
    (name) =>
      Object.hasOwn(other, name) &&
      isEqual((one as Record<string, unknown>)[name], (other as Record<string, unknown>)[name]),
  );
}
