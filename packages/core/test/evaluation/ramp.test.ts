import { describe, expect, it } from 'vitest';
import type { Ramp } from '../../src/document/types.ts';
import { compileRamp } from '../../src/evaluation/ramp.ts';

const START_MS = Date.parse('2026-03-01T00:00:00Z');
const instant = (seconds: number): string => new Date(START_MS + seconds * 1_000).toISOString();

/** The percentage at so many seconds after the start. */
function ramp(changes: Partial<Ramp>): (seconds: number) => number {
  const percentage = compileRamp({
    kind: 'ramp',
    variant: 'on',
    otherwise: 'off',
    curve: 'linear',
    points: [
      { at: instant(0), percentage: 20 },
      { at: instant(100), percentage: 60 },
      { at: instant(300), percentage: 100 },
    ],
    ...changes,
  });
  return (seconds) => percentage(START_MS + seconds * 1_000);
}

describe('the percentage of a ramp', () => {
  it('moves evenly from point to point, from the first instant on, and stays at the last', () => {
    const at = ramp({});
    expect([-1, -0.001, 0, 25, 50, 99, 100, 200, 299, 300, 1e9].map(at)).toEqual([
      0, 0, 20, 30, 40, 59.6, 60, 80, 99.8, 100, 100,
    ]);
  });

  it('holds each point until the next where it rises in steps', () => {
    const at = ramp({ curve: 'steps' });
    expect([-0.001, 0, 99.999, 100, 299.999, 300].map(at)).toEqual([0, 20, 20, 60, 60, 100]);
  });

  it('stands still during pauses, to the millisecond, and takes nothing off before one begins', () => {
    const at = ramp({
      pauses: [
        { from: instant(-50), until: instant(-10) },
        { from: instant(25), until: instant(75) },
        { from: instant(100) },
      ],
    });
    expect([0, 24.999, 25, 74.999, 75, 75.001, 100, 1e9].map(at)).toEqual([20, 29.9996, 30, 30, 30, 30.0004, 40, 40]);
  });

  it('loses the time after its first point of a pause that began before it', () => {
    const at = ramp({ pauses: [{ from: instant(-50), until: instant(25) }] });
    expect([0, 25, 50].map(at)).toEqual([20, 20, 30]);
  });
});
