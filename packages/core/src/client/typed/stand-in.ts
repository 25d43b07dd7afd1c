import { shareMetadata } from './share-metadata.ts';

// oxlint-disable-next-line typescript/no-explicit-any -- any function: `never` and `unknown` as arguments rule some out
type AnyFunction = (...args: any[]) => unknown;

/**
 * Properties by which a caller reaches what a function does without calling the function: Express and connect call the
 * `handle` of an application instead of it, and Node's promisify takes a function's own promise version. A stand-in has
 * none of these, so it is called itself.
 */
const BACK_DOORS: readonly PropertyKey[] = ['handle', Symbol.for('nodejs.util.promisify.custom')];
/** Every sloppy function has these two of its own, and they say nothing of it. */
const OF_THE_CALL: ReadonlySet<PropertyKey> = new Set(['arguments', 'caller']);

/**
 * Makes frameworks take `standIn` for `original`. They go by more than the call: Express by the length, Fastify by
 * symbols, Nest by reflected metadata. Name, length and own properties are the original's, and both have one metadata.
 * A property that the original gets later shows through the prototype; one that is set on the stand-in stays there,
 * since others may use the original too.
 */
export function standInFor<Wrapper extends AnyFunction>(standIn: Wrapper, original: AnyFunction): Wrapper {
  Object.setPrototypeOf(standIn, original);
  for (const key of Reflect.ownKeys(original)) {
    const property = Reflect.getOwnPropertyDescriptor(original, key);
    if (property === undefined || OF_THE_CALL.has(key)) continue;
    // As `default` often does. It leads past the stand-in otherwise.
    if (property.value === original) property.value = standIn;
    Reflect.defineProperty(standIn, key, property);
  }
  for (const key of BACK_DOORS) {
    if (key in original) Reflect.defineProperty(standIn, key, { value: undefined, writable: true, configurable: true });
  }
  shareMetadata(standIn, original);
  return standIn;
}
