/**
 * Who or what a flag is evaluated for. Attributes may be nested. Values of other kinds than those that conditions know are
 * as good as missing.
 */
export interface EvaluationContext {
  /** The unit that targets and rollouts deal with. Integers count as their decimal text, an empty text as missing. */
  readonly targetingKey?: string | number | undefined;
  /** Stands in for a missing `targetingKey`. */
  readonly userId?: string | number | undefined;
  readonly [attribute: string]: unknown;
}

/** A unit as text: text that is not empty, or an integer. Anything else is missing. */
export function unitOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value;
  return Number.isSafeInteger(value) || typeof value === 'bigint' ? String(value) : undefined;
}

/** The resolved targeting key. */
export function targetingKeyOf(context: EvaluationContext): string | undefined {
  return unitOf(context.targetingKey) ?? unitOf(context.userId);
}

/** Reads one attribute of any context. Made once for each condition, so that the reading itself is one property access. */
export type AttributeReader = (context: EvaluationContext) => unknown;

/**
 * How to read the attribute `name`. What `Object.prototype` holds (`constructor`, `__proto__`) is never an attribute, unless the context
 * has a property of its own with that name.
 */
export function attributeReader(name: string): AttributeReader {
  if (name === 'targetingKey') return targetingKeyOf;
  if (name in Object.prototype) return (context) => ownProperty(context, name);
  if (!name.includes('.')) return (context) => context[name];
  const path = name.split('.');
  return (context) => context[name] ?? path.reduce<unknown>(ownProperty, context);
}

function ownProperty(from: unknown, name: string): unknown {
  return typeof from === 'object' && from !== null && Object.hasOwn(from, name)
    ? (from as Record<string, unknown>)[name]
    : undefined;
}
