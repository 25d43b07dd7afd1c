import { describeOption } from '@clarity/flags-core/adapter-kit';
import type { FlagValue } from '@clarity/flags-core';
import type { FlagDefinition, FlagDocument, FlagType } from '@clarity/flags-core/evaluation';

/** Flags of a test, by key: each answers everyone with this value. */
export type TestFlags = Readonly<Record<string, FlagValue>>;

/** The variant of flags that are not boolean; those have `on` and `off`, as in a document. */
const VARIANT = 'set';

/**
 * The value apart from what it was made of.
 *
 * @throws TypeError when no flag can have it.
 */
export function copyOf(key: string, value: FlagValue): FlagValue {
  typeOf(key, value);
  return structuredClone(value);
}

/** The document that a store would have for these flags. */
export function documentOf(flags: ReadonlyMap<string, FlagValue>): FlagDocument {
  // Without a prototype, as the decoder makes them: no key can meet one (F22).
  const definitions = Object.create(null) as Record<string, FlagDefinition>;
  for (const [key, value] of flags) definitions[key] = definitionOf(key, value);
  return { schemaVersion: 1, flags: definitions };
}

function definitionOf(key: string, value: FlagValue): FlagDefinition {
  if (typeof value === 'boolean') return { type: 'boolean', fallthrough: value ? 'on' : 'off', clientVisible: true };
  return { type: typeOf(key, value), variants: { [VARIANT]: value }, fallthrough: VARIANT, clientVisible: true };
}

function typeOf(key: string, value: unknown): FlagType {
  if (typeof value === 'boolean') return 'boolean';
  if (typeof value === 'string') return 'string';
  if (typeof value === 'number' && Number.isFinite(value)) return 'number';
  if (typeof value === 'object' && value !== null) return 'object';
  const found = typeof value === 'number' ? String(value) : describeOption(value);
  throw new TypeError(
    `flag "${key}" is ${found}; allowed is a boolean, a string, a finite number, an object or a list`,
  );
}

/** Whether both have the same keys with the same values, in any order. */
export function sameFlags(one: ReadonlyMap<string, FlagValue>, other: ReadonlyMap<string, FlagValue>): boolean {
  return one.size === other.size && [...one].every(([key, value]) => sameValue(value, other.get(key)));
}

/** By their JSON: a list or an object is another one each time that it is set. */
function sameValue(one: FlagValue, other: FlagValue | undefined): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
