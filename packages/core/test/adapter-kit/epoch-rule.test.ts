import { EpochFloor, isLost, nextEpoch } from '@clarity/flags-core/adapter-kit';
import { describe, expect, it } from 'vitest';

const NOW = 1_796_000_000_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

describe('F90 the epoch of a publication', () => {
  const next = (asked: Partial<Parameters<typeof nextEpoch>[0]>) =>
    nextEpoch({ storeMs: NOW, wallMs: NOW, heldEpoch: undefined, floorEpoch: 0, ...asked });

  it('is the clock of the store', () => {
    expect(next({ storeMs: NOW + 5 })).toEqual({ epoch: NOW + 5, poisoned: false });
    expect(next({ heldEpoch: NOW - 1 })).toEqual({ epoch: NOW, poisoned: false });
  });

  it('is above what is held and above all that the publisher was told, also where the clock is behind', () => {
    expect(next({ heldEpoch: NOW })).toEqual({ epoch: NOW + 1, poisoned: false });
    expect(next({ heldEpoch: NOW + 20_000 })).toEqual({ epoch: NOW + 20_001, poisoned: false });
    expect(next({ heldEpoch: NOW - 5, floorEpoch: NOW + 7 })).toEqual({ epoch: NOW + 8, poisoned: false });
    expect(next({ heldEpoch: NOW + 9, floorEpoch: NOW + 7 })).toEqual({ epoch: NOW + 10, poisoned: false });
  });

  it('is a whole number', () => {
    expect(next({ storeMs: NOW + 0.7 }).epoch).toBe(NOW);
  });

  it('comes from the clock of the publisher where that of the store is more than half a day ahead', () => {
    expect(next({ storeMs: NOW + 12 * HOUR_MS }).epoch).toBe(NOW + 12 * HOUR_MS);
    expect(next({ storeMs: NOW + 12 * HOUR_MS + 1 }).epoch).toBe(NOW);
  });

  it('F13 is not drawn along by an epoch more than a day ahead, be it held or told', () => {
    expect(next({ heldEpoch: NOW + DAY_MS + 1 })).toEqual({ epoch: NOW, poisoned: true });
    expect(next({ heldEpoch: NOW + DAY_MS })).toMatchObject({ poisoned: false });
    expect(next({ floorEpoch: NOW + DAY_MS + 1 }).epoch).toBe(NOW);
  });
});

describe('the highest epoch that a publisher was told', () => {
  it('only rises, and hashes and words say nothing of it', () => {
    const floor = new EpochFloor();
    for (const told of [{ hash: 'a' }, 'absent', 'any', undefined] as const) floor.told(told, NOW);
    expect(floor.epoch).toBe(0);
    floor.told({ epoch: NOW, version: 3 }, NOW);
    floor.told({ epoch: NOW - 1, version: 9 }, NOW);
    expect(floor.epoch).toBe(NOW);
  });

  it('F13 is never one that lies more than a day ahead, nor what is not a number', () => {
    const floor = new EpochFloor();
    floor.told({ epoch: NOW + DAY_MS + 1, version: 1 }, NOW);
    floor.told({ epoch: Number.NaN, version: 1 }, NOW);
    expect(floor.epoch).toBe(0);
  });
});

describe('what was expected is lost', () => {
  const held = { epoch: NOW, version: 5 };

  it.each([
    ['a higher epoch', { epoch: NOW + 1, version: 6 }, true],
    ['a higher version under one epoch, as publishers before 0.1 counted', { epoch: NOW, version: 6 }, true],
    ['what is held', held, false],
    ['something older', { epoch: NOW - 1, version: 4 }, false],
    ['an epoch that nobody adopted (F13)', { epoch: NOW + DAY_MS + 1, version: 1 }, false],
    ['a hash', { hash: 'a' }, false],
    ['nothing', 'absent', false],
  ] as const)('where that is %s: %j is %s', (_, expected, lost) => {
    expect(isLost(expected, held, NOW)).toBe(lost);
  });

  it('is not said of a store that holds nothing, or only hashes', () => {
    expect(isLost(held, undefined, NOW)).toBe(false);
    expect(isLost(held, { hash: 'a' }, NOW)).toBe(false);
  });
});
