import { describe, expect, it } from 'vitest';
import { releaseAll } from '../../src/client/release.ts';

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
