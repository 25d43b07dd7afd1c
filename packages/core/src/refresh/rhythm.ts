import { FIRST_BACKOFF_MS, pauseMs, type Settings } from './settings.ts';

/**
 * All that the pause before the next scheduled read depends on, beside the settings. The pauses below remember nothing:
 * the tick of every client is made of them (`schedule.ts`), and so is the `Schedule` of Effect programs
 * (`effect/rhythm.ts`).
 */
export interface Beat {
  /** Milliseconds until an open breaker admits its probe; null while it is not open. */
  readonly breakMs: number | null;
  /**
   * Failures in a row that are a reason to read sooner than usual: the store is down, or has not given a document yet.
   * Otherwise 0.
   */
  readonly failures: number;
  /** No source has confirmed a document yet. */
  readonly waiting: boolean;
  /** Milliseconds for which the store asked not to be read; 0 or less when it did not. */
  readonly patienceMs: number;
  /** Drawn at random, from 0 (inclusive) to 1 (exclusive). */
  readonly random: number;
}

/** What of the settings the rhythm goes by. */
export type RhythmSettings = Pick<Settings, 'mode' | 'intervalMs' | 'staleAfterMs' | 'jitter'>;

/** The longest wait between two attempts at the first document, however long the interval is. */
const LONGEST_FIRST_WAIT_MS = 30_000;

/** The pause before the next scheduled read, in whole milliseconds, rounded up. Undefined when none is scheduled. */
export function nextPauseMs(settings: RhythmSettings, beat: Beat): number | undefined {
  if (!goesOn(settings, beat)) return undefined;
  return Math.ceil(Math.max(pauseAskedForMs(settings, beat), obeyedMs(settings, beat.patienceMs)));
}

/** Whether a read is scheduled after this beat. Mode `none` makes one read, tried again until it lands. */
export function goesOn(settings: RhythmSettings, { waiting }: Beat): boolean {
  return waiting || pauseMs(settings) !== undefined;
}

/** The rest of a break, else a backoff after failures, else the usual pause. */
export function pauseAskedForMs(settings: RhythmSettings, { breakMs, failures, waiting, random }: Beat): number {
  if (breakMs !== null) return atLeast(breakMs, random);
  const usual = longestMs(settings);
  if (failures === 0) return jittered(usual, settings.jitter, random);
  const longest = waiting ? Math.min(usual, LONGEST_FIRST_WAIT_MS) : usual;
  return jitteredBackoffMs(failures, Math.min(FIRST_BACKOFF_MS, longest), longest, random);
}

/** A store that asks for patience gets it (F28), up to one pause: with more the stated bound would not hold. */
export function obeyedMs(settings: RhythmSettings, askedMs: number): number {
  return Math.min(longestMs(settings), askedMs);
}

/** The longest pause before jitter, while the breaker is not open. */
function longestMs(settings: RhythmSettings): number {
  return pauseMs(settings) ?? settings.intervalMs;
}

/** `ms` spread by `jitter` both ways: from `ms * (1 - jitter)` to `ms * (1 + jitter)`. */
export function jittered(ms: number, jitter: number, random: number): number {
  // As a sum, since 1.1 is a hair more than eleven tenths: 50,000 and a tenth are 55,000, and round up to no more.
  return ms + ms * jitter * (2 * random - 1);
}

/** Waits out `ms` and up to a tenth more, so that clients that were refused together do not come back together. */
export function atLeast(ms: number, random: number): number {
  return ms + ms * 0.1 * random;
}

/**
 * Delay before the attempt after `failures` failures in a row (1 or more): `first * 2^(failures-1)`, never above
 * `longest`, of which a random half is waived ("equal jitter": Brooker, Exponential Backoff And Jitter, 2015).
 */
export function jitteredBackoffMs(failures: number, first: number, longest: number, random: number): number {
  const delay = Math.min(longest, first * 2 ** Math.min(failures - 1, 30));
  return delay / 2 + (delay / 2) * random;
}
