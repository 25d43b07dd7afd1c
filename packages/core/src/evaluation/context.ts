/**
 * Who or what a flag is evaluated for. Attributes may be nested. Values of other kinds than those that conditions know are
 * as good as missing. TypeScript takes an interface of yours for it only when it is spread: `{ ...user }`.
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
  if (typeof value === 'string') return value || undefined;
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
  return (
    (name in Object.prototype ? undefined : context[name]) ?? name.split('.').reduce<unknown>(ownProperty, context)
  );
}

function ownProperty(from: unknown, name: string): unknown {
  return typeof from === 'object' && from !== null && Object.hasOwn(from, name)
    ? (from as EvaluationContext)[name]
    : undefined;
}

const slots = new Map<string, number>();

/** The slot to read an attribute by. None of their own have paths, the targeting key, and what `Object.prototype` has. */
export function slotOf(name: string): number {
  if (name === 'targetingKey' || name.includes('.') || name in Object.prototype) return -1;
  if (!slots.has(name) && slots.size < 6) slots.set(name, slots.size);
  return slots.get(name) ?? 6;
}

/**
 * Reads an attribute. The first six names that are asked for in a process each have a line of their own here, because an engine remembers
 * for each line which names it met there: with one name it is as fast as `context.country`, with several three times as slow.
 */
export function readAttribute(context: EvaluationContext, name: string, slot: number): unknown {
  switch (slot) {
    case 0:
      return context[name];
    case 1:
      return context[name];
    case 2:
      return context[name];
    case 3:
      return context[name];
    case 4:
      return context[name];
    case 5:
      return context[name];
    case 6:
      return context[name];
    default:
      return attributeOf(context, name);
  }
}
