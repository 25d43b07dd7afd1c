import { describe, expect, it } from 'vitest';
import { rangesOf } from '../../src/definition.ts';

const NOW_MS = Date.parse('2026-03-01T00:00:00Z');

describe('the ranges of a dealing', () => {
  it('follow each other in the order of a split, to the last bucket', () => {
    const variants = ['a', 'b', 'c'].map((variant) => ({ variant, weight: 1 }));
    expect(rangesOf({ kind: 'split', variants }, NOW_MS)).toEqual([
      { variant: 'a', from: 0, to: 33_333 },
      { variant: 'b', from: 33_333, to: 66_667 },
      { variant: 'c', from: 66_667, to: 100_000 },
    ]);
  });

  it('are two of a ramp, cut where it is by then', () => {
    const ramp = {
      kind: 'ramp',
      variant: 'on',
      otherwise: null,
      curve: 'linear',
      points: [
        { at: '2026-02-28T00:00:00Z', percentage: 0 },
        { at: '2026-03-04T00:00:00Z', percentage: 100 },
      ],
    } as const;
    expect(rangesOf(ramp, NOW_MS)).toEqual([
      { variant: 'on', from: 0, to: 25_000 },
      { variant: null, from: 25_000, to: 100_000 },
    ]);
  });

  it('are none without a weight', () => {
    expect(() => rangesOf({ kind: 'split', variants: [{ variant: 'a', weight: 0 }] }, NOW_MS)).toThrow('not sound');
  });
});
