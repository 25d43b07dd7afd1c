import type { Outcome } from './step.ts';

/** Hears of every answer to a question about one flag, within that question: how a client counts what it is asked. */
export interface Tally {
  /** `outcome` is undefined for a flag that is not in the document. */
  answered(flagKey: string, outcome: Outcome | undefined): void;
  /** The flag was asked for as another type than it has, and the caller's fallback was served. */
  mismatched(flagKey: string): void;
  /** The evaluator drops its answers: those to come have the same places. */
  cleared(): void;
}
