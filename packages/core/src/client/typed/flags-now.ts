import type { FlagEvaluations } from '../answers/flag-evaluations.ts';

/** Whom to ask at this moment; undefined while there is nobody: a flag never throws at those who ask about it. */
export function flagsNow(flags: FlagEvaluations | (() => FlagEvaluations)): FlagEvaluations | undefined {
  if (typeof flags !== 'function') return flags;
  try {
    return flags();
  } catch {
    return undefined;
  }
}
