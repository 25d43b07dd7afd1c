import type { Condition } from '../document/types.ts';
import { type AttributeReader, attributeReader, type EvaluationContext } from './context.ts';
import { operatorTest, type Test } from './operator.ts';
import type { CompiledSegment } from './segment.ts';
import { inSegment } from './segment.ts';

/** Of longer lists only this many elements are looked at. */
const MAX_ELEMENTS = 1000;

/** One node of a compiled condition. One shape for all kinds, so that reading it stays fast. */
export interface CompiledCondition {
  readonly kind: 'compare' | 'read' | 'exists' | 'all' | 'any' | 'not' | 'segment';
  /** Of a comparison whose attribute is a plain property. */
  readonly attribute: string;
  readonly read: AttributeReader | undefined;
  readonly test: Test | undefined;
  readonly children: readonly CompiledCondition[];
  readonly segment: CompiledSegment | undefined;
}

/** Compiles a condition. `segmentOf` gives the compiled segment of a name, or throws. */
export function compileCondition(condition: Condition, segmentOf: (name: string) => CompiledSegment): CompiledCondition {
  const node = (kind: CompiledCondition['kind'], rest: Partial<CompiledCondition>): CompiledCondition => ({
    kind,
    attribute: rest.attribute ?? '',
    read: rest.read,
    test: rest.test,
    children: rest.children ?? [],
    segment: rest.segment,
  });
  const compile = (child: Condition): CompiledCondition => compileCondition(child, segmentOf);
  if ('all' in condition) return node('all', { children: condition.all.map(compile) });
  if ('any' in condition) return node('any', { children: condition.any.map(compile) });
  if ('not' in condition) return node('not', { children: [compile(condition.not)] });
  if ('segment' in condition) return node('segment', { segment: segmentOf(condition.segment) });
  const { attribute, op } = condition;
  const test = operatorTest(condition);
  const plain = attribute !== 'targetingKey' && !(attribute in Object.prototype) && !attribute.includes('.');
  return node(op === 'exists' ? 'exists' : plain ? 'compare' : 'read', { attribute, test, read: attributeReader(attribute) });
}

/** Whether a condition holds. `stamp` names this evaluation, so that a segment is asked once in it. */
export function holds(node: CompiledCondition, context: EvaluationContext, stamp: number): boolean {
  switch (node.kind) {
    case 'compare':
      return satisfies(context[node.attribute], node.test!);
    case 'read':
      return satisfies(node.read!(context), node.test!);
    case 'exists':
      return (node.read!(context) ?? undefined) !== undefined;
    case 'all':
      for (const child of node.children) if (!holds(child, context, stamp)) return false;
      return true;
    case 'any':
      for (const child of node.children) if (holds(child, context, stamp)) return true;
      return false;
    case 'not':
      return !holds(node.children[0]!, context, stamp);
    case 'segment':
      return inSegment(node.segment!, context, stamp);
  }
}

function satisfies(value: unknown, test: Test): boolean {
  // A missing attribute makes every comparison false.
  if (value === undefined || value === null) return false;
  if (typeof value !== 'object' || !Array.isArray(value)) return test(value);
  const count = Math.min(value.length, MAX_ELEMENTS);
  for (let index = 0; index < count; index++) {
    const element: unknown = value[index];
    if (element !== undefined && element !== null && test(element)) return true;
  }
  return false;
}
