import * as Duration from 'effect/Duration';
import * as Effect from 'effect/Effect';
import * as Schedule from 'effect/Schedule';
import { LONGEST_TIMEOUT_MS } from '../ports/longest-timeout.ts';
import { type Beat, goesOn, obeyedMs, pauseAskedForMs, type RhythmSettings } from '../refresh/rhythm.ts';
import { DEFAULT_SETTINGS } from '../refresh/settings.ts';
import { demandRange } from './demand-range.ts';

/** The options of a client that its rhythm depends on. */
export type RhythmOptions = {
  /** Fraction by which a pause is spread both ways, 0 to 0.5. Default 0.1. */
  readonly jitter?: number;
} & (
  | {
      /** Default `periodic`. With `none` the schedule ends as soon as a source has confirmed a document. */
      readonly mode?: 'periodic' | 'both' | 'none';
      /** The pause between two reads before jitter, in milliseconds: 1 to 2^31-1. */
      readonly intervalMs: number;
    }
  | {
      readonly mode: 'pubsub';
      /** The age at which flags are stale, in milliseconds: 1 to 2^31-1. The pause is half of it. */
      readonly staleAfterMs: number;
    }
);

/** Gives each pause, and is fed with what it depends on. */
export type RhythmSchedule = Schedule.Schedule<Duration.Duration, Beat>;

/**
 * The rhythm in which a client reads, as a schedule: its own ticks are made of the same parts. A pause is that of an
 * open breaker and up to a tenth more, else a backoff after failures, else the usual one with jitter. It is never
 * shorter than the patience that the store asked for, up to one usual pause. All pauses are whole milliseconds.
 *
 * Repeat by it whatever gives a `Beat`; a client's is `Refresh.beat`. It remembers nothing, so several programs can
 * share it, and it combines with other schedules.
 *
 * @throws RangeError when a number is out of its range
 */
export const refreshRhythm = (options: RhythmOptions): RhythmSchedule => {
  const settings = settingsOf(options);
  const asked = pausesBy((beat) => pauseAskedForMs(settings, beat));
  const least = pausesBy((beat) => obeyedMs(settings, beat.patienceMs));
  return Schedule.max([asked, least]).pipe(Schedule.while(({ input }) => goesOn(settings, input)));
};

/** A schedule without memory: what it is fed with says all that its pause depends on. */
const pausesBy = (pauseMs: (beat: Beat) => number): RhythmSchedule =>
  Schedule.fromStep(
    Effect.succeed((_now: number, beat: Beat) => {
      const pause = Duration.millis(Math.max(0, Math.ceil(pauseMs(beat))));
      return Effect.succeed<[Duration.Duration, Duration.Duration]>([pause, pause]);
    }),
  );

function settingsOf(options: RhythmOptions): RhythmSettings {
  const { jitter = DEFAULT_SETTINGS.jitter } = options;
  demandRange('jitter', jitter, 0, 0.5);
  // Of the interval and the threshold each mode goes by one.
  if (options.mode === 'pubsub') {
    const { mode, staleAfterMs } = options;
    demandRange('staleAfterMs', staleAfterMs, 1, LONGEST_TIMEOUT_MS);
    return { mode, jitter, staleAfterMs, intervalMs: staleAfterMs };
  }
  const { mode = 'periodic', intervalMs } = options;
  demandRange('intervalMs', intervalMs, 1, LONGEST_TIMEOUT_MS);
  return { mode, jitter, intervalMs, staleAfterMs: intervalMs };
}
