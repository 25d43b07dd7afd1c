/** For callers without types. @throws TypeError unless `given` is a function */
export function requireFunction(name: string, given: unknown, example: string): void {
  if (typeof given === 'function') return;
  const found = given === undefined ? 'missing' : given === null ? 'null' : `of type ${typeof given}`;
  throw new TypeError(`${name} is ${found}; a function is allowed, such as ${example}`);
}
