import type { Condition } from '../document/types.ts';
import { attributeOf, type EvaluationContext } from './context.ts';
import { operatorTest, type Test } from './operator.ts';

/** A condition made ready to be asked. One shape for all kinds, so that reading it stays fast. */
export interface CompiledCondition {
  readonly kind: 'compare' | 'exists' | 'all' | 'any' | 'not' | 'segment';
  /** The attribute or the segment. */
  readonly name: string;
  /** Whether the attribute is found by its name alone: no path, not the targeting key, nothing that `Object.prototype` has. */
  readonly plain: boolean;
  readonly test: Test | undefined;
  readonly parts: readonly CompiledCondition[];
}

/** Answers whether a context belongs to a segment. */
export type InSegment = (name: string, context: EvaluationContext, stamp: number) => boolean;

/** Of longer lists only this many elements are looked at. */
const MAX_ELEMENTS = 1000;

/** Compiles a condition. Tells `uses` the names of segments in it. */
export function compileCondition(condition: Condition, uses: (segment: string) => void): CompiledCondition {
  const node = (kind: CompiledCondition['kind'], name: string, parts: readonly Condition[], test?: Test): CompiledCondition => ({
    kind,
    name,
    plain: !(name.includes('.') || name === 'targetingKey' || name in Object.prototype),
    test,
    parts: parts.map((part) => compileCondition(part, uses)),
  });
  if ('all' in condition) return node('all', '', condition.all);
  if ('any' in condition) return node('any', '', condition.any);
  if ('not' in condition) return node('not', '', [condition.not]);
  if ('segment' in condition) {
    uses(condition.segment);
    return node('segment', condition.segment, []);
  }
  return node(condition.op === 'exists' ? 'exists' : 'compare', condition.attribute, [], operatorTest(condition));
}

/** Whether a condition holds. `stamp` names this evaluation. */
export function holds(condition: CompiledCondition, context: EvaluationContext, stamp: number, inSegment: InSegment): boolean {
  const { kind, name, plain, test, parts } = condition;
  switch (kind) {
    case 'compare':
      return satisfies(plain ? context[name] : attributeOf(context, name), test!);
    case 'exists':
      return (attributeOf(context, name) ?? null) !== null;
    case 'all':
      for (const part of parts) if (!holds(part, context, stamp, inSegment)) return false;
      return true;
    case 'segment':
      return inSegment(name, context, stamp);
    default:
      for (const part of parts) if (holds(part, context, stamp, inSegment)) return kind === 'any';
      return kind === 'not';
  }
}

function satisfies(value: unknown, test: Test): boolean {
  // A missing attribute makes every comparison false.
  if (value === undefined || value === null) return false;
  if (typeof value !== 'object' || !Array.isArray(value)) return test(value);
  for (let index = 0; index < value.length && index < MAX_ELEMENTS; index++) {
    const element: unknown = value[index];
    if (element !== undefined && element !== null && test(element)) return true;
  }
  return false;
}
