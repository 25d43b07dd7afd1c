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

/**
 * An attribute by the name that conditions and splits use: the resolved targeting key, a property, or else the property at the end of a
 * dotted path. What `Object.prototype` holds (`constructor`, `__proto__`) is none, unless it is a property of its own.
 */
export function attributeOf(context: EvaluationContext, name: string): unknown {
  if (name === 'targetingKey') return targetingKeyOf(context);
  const value = name in Object.prototype ? ownProperty(context, name) : context[name];
  return value ?? (name.includes('.') ? name.split('.').reduce<unknown>(ownProperty, context) : undefined);
}

function ownProperty(from: unknown, name: string): unknown {
  return typeof from === 'object' && from !== null && Object.hasOwn(from, name) ? (from as EvaluationContext)[name] : undefined;
}
