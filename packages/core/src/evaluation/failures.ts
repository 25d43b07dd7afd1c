/** The answers of evaluations that ended early: the caller's fallback, and why. */
import { failedOutcome, UNCOMPILED } from './compile-flag.ts';
import type { Outcome } from './step.ts';
import { EXHAUSTED } from './work.ts';

export const UNKNOWN = failedOutcome('FLAG_NOT_FOUND', 'no such flag');
export const CYCLE = failedOutcome('GENERAL', 'a cycle');
const UNREADABLE = failedOutcome('INVALID_CONTEXT', 'the context threw');
const TOO_MUCH = failedOutcome('GENERAL', 'flag and context cost more than one evaluation may');

/** The answer where an evaluation threw this. */
export function failureOf(thrown: unknown): Outcome {
  if (thrown === EXHAUSTED) return TOO_MUCH;
  return [UNCOMPILED, CYCLE].find((failure) => failure === thrown) ?? UNREADABLE;
}
