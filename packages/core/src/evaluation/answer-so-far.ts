import type { CompiledFlag } from './compile-flag.ts';
import { CYCLE } from './failures.ts';
import type { Outcome } from './step.ts';

/** The answer that a flag has found in this evaluation; undefined where nobody has asked. */
export function answerSoFar(flag: CompiledFlag, stamp: number): Outcome | undefined {
  if (flag.stamp !== stamp) return undefined;
  if (flag.answer === undefined) throw CYCLE;
  return flag.answer;
}
