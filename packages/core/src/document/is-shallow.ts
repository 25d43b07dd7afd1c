/** Whether at most `depth` objects or lists stand within each other. Takes no more of the stack than that. */
export function isShallow(value: object, depth: number): boolean {
  if (depth === 0) return false;
  for (const name in value) {
    const member: unknown = (value as Record<string, unknown>)[name];
    if (typeof member === 'object' && member !== null && !isShallow(member, depth - 1)) return false;
  }
  return true;
}
