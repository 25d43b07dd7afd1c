import { must } from '../document/must.ts';
import type { Segment } from '../document/types.ts';
import { compileCondition } from './compile-condition.ts';
import { UNCOMPILED } from './compile-flag.ts';
import { answer, ask, type Outcome, type Step, TARGETS } from './step.ts';

/** What a walk through a condition ends at. */
export const YES = answer(true, { reason: 'STATIC' });
export const NO = answer(false, YES.details);

export interface CompiledSegment {
  readonly start: Step;
  /** The evaluation that asked last, and the answer it got: segments that share segments must not multiply. */
  stamp: number;
  answer: Outcome;
}

/**
 * Exclusion is stronger than inclusion, and both are stronger than the condition. One that cannot be compiled leads to
 * `UNCOMPILED`.
 */
export function compileSegment(segment: Segment | undefined): CompiledSegment {
  let start: Step = UNCOMPILED;
  try {
    must(typeof segment === 'object');
    const { include = [], exclude = [], when } = segment;
    const byKey = new Map<string, Outcome>();
    for (const key of include) byKey.set(String(key), YES);
    for (const key of exclude) byKey.set(String(key), NO);
    start = ask(TARGETS, byKey, when ? compileCondition(when, YES, NO) : NO, NO);
  } catch {
    // It holds what no decoder would have let through.
  }
  return { start, stamp: 0, answer: NO };
}
