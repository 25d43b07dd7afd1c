/** An object with a member set, in its place where it had one, else last; without it where the value is undefined. */
export function withMember<Whole extends object>(whole: Whole, name: string, value: unknown): Whole {
  if (value !== undefined) return { ...whole, [name]: value };
  if (!Object.hasOwn(whole, name)) return whole;
  return Object.fromEntries(Object.entries(whole).filter(([other]) => other !== name)) as Whole;
}

/** Null of an instruction leaves a member out. */
export function given<Value>(value: Value | null): Value | undefined {
  return value === null ? undefined : value;
}
