import type { Outcome, Place } from './step.ts';

/**
 * Hears of every answer to a question about one flag, within that question: how a client counts what it is asked. A
 * compiled flag holds no counter; each of its answers knows the place that the tally gave it.
 */
export interface Tally {
  /** A place for one answer that a flag can give. */
  place(): Place;
  /** The first time that an answer was given since its place was cleared; undefined for a flag that is unknown. */
  answered(flagKey: string, outcome: Outcome | undefined): void;
  /** The flag was asked for as another type than it has, and the caller's fallback was served. */
  mismatched(flagKey: string): void;
}
