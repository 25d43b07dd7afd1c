import type { Finding } from '@clarity/flags-core/document';
import { nearest } from '../nearest.ts';
import type { Steps } from './positions.ts';
import { operatorMeant } from './synonyms.ts';

/** Something that is wrong, with what stands around it. */
export interface Mistake {
  readonly finding: Finding;
  readonly root: unknown;
  readonly value: unknown;
  /** The last step of its path. */
  readonly name: string | number | undefined;
  readonly parent: unknown;
  /** The flag that it is in, if it is in one. */
  readonly flag: unknown;
}

/** Whether it is a member of a name that is not known, and not a value that is not. */
export function isUnknownMember({ kind, steps, found }: Finding, root: unknown): boolean {
  const name = steps.at(-1);
  return kind === 'unknown' && found === JSON.stringify(name) && valueAt(root, steps) !== name;
}

/** Members that only a flag with a type has. */
export const ONLY_LONG: ReadonlySet<string> = new Set([
  'variants',
  'rules',
  'targets',
  'fallthrough',
  'offVariant',
  'prerequisites',
]);

/** Whether a flag is in the long form but for its type. */
export function lacksType(flag: unknown): flag is Readonly<Record<string, unknown>> {
  return (
    isObject(flag) && !('status' in flag) && !('type' in flag) && Object.keys(flag).some((one) => ONLY_LONG.has(one))
  );
}

/** Whether a member of such a flag is its type, under a slip of the name. `allowed` are the members of a short flag. */
export function isTypeMisspelt(name: string, allowed: readonly string[], flag: unknown): boolean {
  return allowed.includes('status') && lacksType(flag) && nearest(name, ['type']) !== undefined;
}

/** Whether a condition has its operator for a name, as in `{"attribute": "country", "equals": "CH"}`. */
export function isOperatorAsName(name: string, allowed: readonly string[], condition: unknown): boolean {
  if (!allowed.includes('op') || !isObject(condition) || 'op' in condition || 'value' in condition) return false;
  return operatorMeant(name) !== undefined;
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function valueAt(root: unknown, steps: Steps): unknown {
  let value = root;
  for (const step of steps) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Readonly<Record<string | number, unknown>>)[step];
  }
  return value;
}

/** The names in a table of the document. */
export function keysOf(root: unknown, table: 'flags' | 'segments' | 'layers' | 'holdouts'): readonly string[] {
  const entries = valueAt(root, [table]);
  return isObject(entries) ? Object.keys(entries) : [];
}

const MOST_NAMED = 8;

/** `"on", "off"`: the first few. */
export function quotedList(names: readonly string[]): string {
  const shown = names.slice(0, MOST_NAMED).map((name) => JSON.stringify(name));
  return shown.join(', ') + (names.length > MOST_NAMED ? ', …' : '');
}

/** The names of a flag's variants. */
export function variantsOf(flag: unknown): readonly string[] {
  const { variants } = Object(flag) as { readonly variants?: unknown };
  return isObject(variants) ? Object.keys(variants) : ['on', 'off'];
}

/** What a prerequisite names that is no variant of its flag, and those that are; its finding is of the whole. */
export function strangerIn(
  { allowed, steps }: Finding,
  root: unknown,
): { readonly name: unknown; readonly names: readonly string[] } | undefined {
  if (!allowed.startsWith('variants of ')) return undefined;
  const names = variantsOf(valueAt(root, ['flags', allowed.slice('variants of '.length)]));
  const { variants } = Object(valueAt(root, steps)) as { readonly variants?: unknown };
  return { name: Array.isArray(variants) ? variants.find((one) => !names.includes(String(one))) : undefined, names };
}
