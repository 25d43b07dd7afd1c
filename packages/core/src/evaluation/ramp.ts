import { parseInstant } from '../document/instant.ts';
import type { Ramp } from '../document/types.ts';

/** A rollout that rises with time, its instants in Unix milliseconds. */
export interface CompiledRamp {
  readonly linear: boolean;
  readonly points: readonly { readonly atMs: number; readonly percentage: number }[];
  readonly pauses: readonly { readonly fromMs: number; readonly untilMs: number }[];
}

export function compileRamp({ curve, points, pauses = [] }: Ramp): CompiledRamp {
  return {
    linear: curve === 'linear',
    points: points.map(({ at, percentage }) => ({ atMs: parseInstant(at) ?? NaN, percentage })),
    pauses: pauses.map(({ from, until }) => ({
      fromMs: parseInstant(from) ?? NaN,
      untilMs: until === undefined ? Infinity : (parseInstant(until) ?? NaN),
    })),
  };
}

/**
 * The percentage at `nowMs`, 0 to 100. A pure function of the clock, so that every instance agrees. The ramp's own time stands still during
 * pauses: time paused after the first point is taken off, and nothing jumps when a pause ends.
 */
export function rampPercentage({ linear, points, pauses }: CompiledRamp, nowMs: number): number {
  const startMs = points[0]!.atMs;
  let rampMs = nowMs;
  for (const { fromMs, untilMs } of pauses) {
    rampMs -= Math.max(0, Math.min(untilMs, nowMs) - Math.max(fromMs, startMs));
  }
  let percentage = 0;
  for (const [index, point] of points.entries()) {
    if (!(rampMs >= point.atMs)) break;
    const next = points[index + 1];
    percentage =
      linear && next !== undefined
        ? point.percentage + (next.percentage - point.percentage) * Math.min(1, (rampMs - point.atMs) / (next.atMs - point.atMs))
        : point.percentage;
  }
  return percentage;
}
