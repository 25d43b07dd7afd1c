import type { Steps } from './positions.ts';

/** A doubt about something that clients accept. */
export interface Doubt {
  readonly steps: Steps;
  /** What is so. */
  readonly found: string;
  /** What to do. */
  readonly advice: string;
}
