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
  const stops = pauses.map(
    ({ from, until }) => [Math.max(times[0]!, instantOf(from)), instantOf(until, Infinity)] as const,
  );
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
