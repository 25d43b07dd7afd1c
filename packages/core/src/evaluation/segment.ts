import type { Segment } from '../document/types.ts';
import { compileCondition } from './compile-condition.ts';
import { ANSWER, type Outcome, type Step, step, TARGETS } from './step.ts';

/** What a walk through a segment ends at. */
export const IN = {} as Outcome;
const OUT = {} as Outcome;

export interface CompiledSegment {
  readonly start: Step;
  /** The evaluation that asked last, and the answer it got: segments that share segments must not multiply. */
  stamp: number;
  answer: boolean;
}

/** Exclusion is stronger than inclusion, and both are stronger than the condition. */
export function compileSegment({ include = [], exclude = [], when }: Segment): CompiledSegment {
  const no = step(ANSWER, OUT);
  const byKey = new Map([
    ...include.map((key) => [String(key), IN] as const),
    ...exclude.map((key) => [String(key), OUT] as const),
  ]);
  return {
    start: step(TARGETS, byKey, { yes: when ? compileCondition(when, step(ANSWER, IN), no) : no }),
    stamp: 0,
    answer: false,
  };
}
