/** Whether two values of JSON are the same. The order of an object's members means nothing, that of a list does. */
export function same(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const [left, right] = [one, other].map((value) => new Map(Object.entries(value).filter(isGiven))) as [
    Map<string, unknown>,
    Map<string, unknown>,
  ];
  return (
    left.size === right.size && [...left].every(([name, value]) => right.has(name) && same(value, right.get(name)))
  );
}

function isGiven([, value]: readonly [string, unknown]): boolean {
  return value !== undefined;
}

/** The names under which two tables differ: those of the first in its order, then those that only the second has. */
export function differing(one: Readonly<Record<string, unknown>>, other: Readonly<Record<string, unknown>>): string[] {
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].filter(
    (name) => !same(own(one, name), own(other, name)),
  );
}

/** A member by its name, and nothing that every object has. */
export function own<Value>(table: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
