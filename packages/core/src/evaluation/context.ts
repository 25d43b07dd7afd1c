import { isObject } from '../document/is-object.ts';
import { COST, spend } from './work.ts';

/**
 * Who or what a flag is evaluated for: a literal, or any object of yours, of an interface or a class too. Attributes
 * may be nested. Values of other kinds than those that conditions know are as good as missing.
 */
export interface EvaluationContext extends Partial<NoAttributes> {
  /** The unit that targets and rollouts deal with. Integers count as their decimal text, an empty text as missing. */
  readonly targetingKey?: string | number | undefined;
  /** Stands in for a missing `targetingKey`. */
  readonly userId?: string | number | undefined;
  // oxlint-disable-next-line typescript/no-explicit-any -- by `unknown` TypeScript refuses every interface and class
  readonly [attribute: string]: any;
}

/** What only functions, lists, promises, maps and dates have: none of them is a context, and each is a slip. */
interface NoAttributes {
  readonly [Symbol.hasInstance]: never;
  readonly [Symbol.iterator]: never;
  readonly [Symbol.toPrimitive]: never;
  readonly [Symbol.toStringTag]: never;
}

/** Longer integers are as good as missing: writing one down takes time that grows with the square of its length. */
const LARGEST_UNIT = 2n ** 128n;

/**
 * A unit as text: text that is not empty, or an integer (below 2^53, or a bigint below 2^128). Anything else is
 * missing.
 */
export function unitOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value || undefined;
  if (typeof value === 'bigint') return value < LARGEST_UNIT && value > -LARGEST_UNIT ? String(value) : undefined;
  return Number.isSafeInteger(value) ? String(value) : undefined;
}

/** The resolved targeting key. */
export function targetingKeyOf(context: EvaluationContext): string | undefined {
  return unitOf(context.targetingKey) ?? unitOf(context.userId);
}

/**
 * An attribute by the name that conditions and splits use: the resolved targeting key, a property, or else the property
 * at the end of a dotted path into nested objects. Lists are not entered. One rule holds at every level: what a class
 * gives its instances is there, getters too, and what `Object.prototype` holds (`constructor`, `__proto__`) is not,
 * unless it is a property of the object's own.
 */
export function attributeOf(context: EvaluationContext, name: string): unknown {
  if (name === 'targetingKey') return targetingKeyOf(context);
  return memberOf(context, name) ?? (name.includes('.') ? endOf(name, context) : undefined);
}

/** What stands at the end of a path. Looks no further than to the first level that is not there. */
function endOf(path: string, context: EvaluationContext): unknown {
  let from: unknown = context;
  for (let start = 0; ;) {
    spend(COST.level);
    const end = path.indexOf('.', start);
    from = memberOf(from, end < 0 ? path.slice(start) : path.slice(start, end));
    if (end < 0 || from === undefined || from === null) return from;
    start = end + 1;
  }
}

/** A property by the rule of `attributeOf`, without paths. */
export function memberOf(from: unknown, name: string): unknown {
  return isObject(from) && (!(name in Object.prototype) || Object.hasOwn(from, name)) ? from[name] : undefined;
}

const slots = new Map<string, number>();

/**
 * The slot to read an attribute by. None of their own have paths, the targeting key, and what `Object.prototype` has.
 */
export function slotOf(name: string): number {
  if (name === 'targetingKey' || name.includes('.') || name in Object.prototype) return -1;
  if (!slots.has(name) && slots.size < 6) slots.set(name, slots.size);
  return slots.get(name) ?? 6;
}

/**
 * Reads an attribute. The first six names that are asked for in a process each have a line of their own here, because
 * an engine remembers for each line which names it met there: with one name it is as fast as `context.country`, with
 * several three times as slow.
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
