import type { Ramp } from '../document/types.ts';
import { instantOf } from '../document/instant.ts';

/**
 * The percentage at a time in Unix milliseconds, 0 to 100. A pure function of the clock, so that every instance agrees.
 * The ramp's own time stands still during pauses: time paused after the first point is taken off, and nothing jumps
 * when a pause ends.
 */
export type RampPercentage = (nowMs: number) => number;

export function compileRamp({ curve, points, pauses = [] }: Ramp): RampPercentage {
  const times = points.map((point) => instantOf(point.at));
  const stops = stopsOf(times[0]!, pauses);
  return (nowMs) => {
    const rampMs = stops.reduce((ms, [from, until]) => ms - Math.max(0, Math.min(until, nowMs) - from), nowMs);
    return points.reduce((before, { percentage }, index) => {
      if (rampMs < times[index]!) return before;
      const next = curve === 'linear' && points[index + 1];
      const lengthMs = times[index + 1]! - times[index]!;
      return next ? percentage + ((next.percentage - percentage) * (rampMs - times[index]!)) / lengthMs : percentage;
    }, 0);
  };
}

/** When the ramp stands still: from, and until. What is paused before it begins changes nothing. */
function stopsOf(beginsMs: number, pauses: NonNullable<Ramp['pauses']>): [fromMs: number, untilMs: number][] {
  return pauses.map(({ from, until }) => [Math.max(beginsMs, instantOf(from)), instantOf(until, Infinity)]);
}

/** A ramp's way at a time. */
export interface RampProgress {
  /** Of the units that have the variant, 0 to 100. */
  readonly percentage: number;
  /** What it comes to. */
  readonly lastPercentage: number;
  /** Of the first point, in Unix milliseconds. */
  readonly beginsMs: number;
  /** When the last percentage is reached, pauses counted in. Infinity while the last pause has no end. */
  readonly endsMs: number;
  /** While it is paused: when it goes on. Infinity: nobody knows. */
  readonly pausedUntilMs?: number;
}

/** How far a ramp is at a time in Unix milliseconds. */
export function rampProgress(ramp: Ramp, nowMs: number): RampProgress {
  const times = ramp.points.map(({ at }) => instantOf(at));
  const stops = stopsOf(times[0]!, ramp.pauses ?? []);
  const endsMs = stops.reduce((ms, [from, until]) => (from < ms ? ms + Math.max(0, until - from) : ms), times.at(-1)!);
  const pause = stops.find(([from, until]) => from <= nowMs && nowMs < until && from < endsMs);
  return {
    percentage: compileRamp(ramp)(nowMs),
    lastPercentage: ramp.points.at(-1)!.percentage,
    beginsMs: times[0]!,
    endsMs,
    ...(pause !== undefined && { pausedUntilMs: pause[1] }),
  };
}
