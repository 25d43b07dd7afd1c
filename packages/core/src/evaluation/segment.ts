import type { Segment } from '../document/types.ts';
import { compileCondition } from './compile-condition.ts';
import { answer, ask, type Step, TARGETS } from './step.ts';

/** What a walk through a condition ends at. */
export const YES = answer(true, { reason: 'STATIC' });
export const NO = answer(false, YES.details);

export interface CompiledSegment {
  readonly start: Step;
  /** The evaluation that asked last, and the answer it got: segments that share segments must not multiply. */
  stamp: number;
  answer: boolean;
}

/** Exclusion is stronger than inclusion, and both are stronger than the condition. */
export function compileSegment({ include = [], exclude = [], when }: Segment): CompiledSegment {
  const byKey = new Map([
    ...include.map((key) => [String(key), YES] as const),
    ...exclude.map((key) => [String(key), NO] as const),
  ]);
  return { start: ask(TARGETS, byKey, when ? compileCondition(when, YES, NO) : NO, NO), stamp: 0, answer: false };
}
