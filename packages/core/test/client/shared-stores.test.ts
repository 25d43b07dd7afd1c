import { describe, expect, it, vi } from 'vitest';
import { releaseAll, use } from '../../src/client/shared-stores.ts';

const closes = { name: 'redis:feature_flags', close: () => Promise.resolve() };
const hangs = { name: 'redis:feature_flags', close: () => new Promise<void>(() => {}) };
const refuses = { name: 'file:flags.json', close: () => Promise.reject(new Error('no')) };

describe('releasing', () => {
  it('names what hangs, though something else of that name has closed', async () => {
    expect(await releaseAll([hangs, closes], 1)).toEqual(['redis:feature_flags']);
    expect(await releaseAll([closes, hangs], 1)).toEqual(['redis:feature_flags']);
  });

  it('names what refused, and each of those that bear one name', async () => {
    expect(await releaseAll([refuses, hangs, hangs, { ...hangs }], 1)).toEqual([
      'file:flags.json',
      'redis:feature_flags',
      'redis:feature_flags',
    ]);
    expect(await releaseAll([closes, closes], 1_000)).toEqual([]);
  });
});

describe('counting who uses a source', () => {
  it('counts across copies of the code, as each entry and each version of the package has one', async () => {
    vi.resetModules();
    const copy = await import('../../src/client/shared-stores.ts');
    expect(copy.use).not.toBe(use);
    const source = { ...closes };
    const [endFirst, endSecond, endThird] = [
      use(new Set([source])),
      copy.use(new Set([source])),
      use(new Set([source])),
    ];
    expect([endFirst(), endThird(), endSecond()]).toEqual([[], [], [source]]);
    // And again, for a source that is used after it was closed.
    const [again, andAgain] = [copy.use(new Set([source])), use(new Set([source]))];
    expect([again(), andAgain()]).toEqual([[], [source]]);
  });
});
