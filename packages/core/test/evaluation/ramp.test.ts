import { describe, expect, it } from 'vitest';
import type { Ramp } from '../../src/document/types.ts';
import { compileRamp, rampProgress } from '../../src/evaluation/ramp.ts';

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

describe('the progress of a ramp', () => {
  const progress = (changes: Partial<Ramp>, seconds: number) => {
    const points = [
      { at: instant(0), percentage: 20 },
      { at: instant(100), percentage: 100 },
    ];
    const given = { kind: 'ramp', variant: 'on', otherwise: 'off', curve: 'linear', points, ...changes } as const;
    const { beginsMs, endsMs, ...rest } = rampProgress(given, START_MS + seconds * 1_000);
    return { ...rest, begins: (beginsMs - START_MS) / 1_000, ends: (endsMs - START_MS) / 1_000 };
  };

  it('knows its begin, its end, and where it is', () => {
    expect(progress({}, 50)).toEqual({ percentage: 60, lastPercentage: 100, begins: 0, ends: 100 });
    expect(progress({}, -1)).toMatchObject({ percentage: 0, ends: 100 });
  });

  it.each<[string, readonly (readonly [number, number?])[], number]>([
    ['of a pause on the way', [[10, 30]], 120],
    [
      'of two',
      [
        [10, 30],
        [50, 60],
      ],
      130,
    ],
    ['of the part of one that comes after the begin', [[-50, 20]], 120],
    ['not of one before the begin', [[-50, -20]], 100],
    ['not of one that begins at the end', [[100, 130]], 100],
    [
      'not of one that begins at the end that another moved',
      [
        [10, 30],
        [120, 150],
      ],
      120,
    ],
    [
      'of one that begins before the end that another moved',
      [
        [10, 30],
        [119, 150],
      ],
      151,
    ],
    ['of one without an end', [[10]], Infinity],
    ['not of one without an end after it', [[100]], 100],
  ])('ends later by the time %s', (_, pauses, ends) => {
    const given = pauses.map(([from, until]) => ({ from: instant(from), ...(until && { until: instant(until) }) }));
    expect(progress({ pauses: given }, 0).ends).toBe(ends);
    if (ends === Infinity) return;
    // As evaluation has it: all of it then, and not before.
    expect(progress({ pauses: given }, ends).percentage).toBe(100);
    expect(progress({ pauses: given }, ends - 0.001).percentage).toBeLessThan(100);
  });

  it('says until when it is paused, while it is', () => {
    const pauses = [{ from: instant(10), until: instant(30) }, { from: instant(50) }];
    const paused = (seconds: number) => progress({ pauses }, seconds).pausedUntilMs;
    expect([9.999, 30, 49.999].map(paused)).toEqual([undefined, undefined, undefined]);
    expect([10, 29.999].map(paused)).toEqual([START_MS + 30_000, START_MS + 30_000]);
    expect([50, 1e6].map(paused)).toEqual([Infinity, Infinity]);
    expect(progress({ pauses: [{ from: instant(100) }] }, 200)).not.toHaveProperty('pausedUntilMs');
  });
});
