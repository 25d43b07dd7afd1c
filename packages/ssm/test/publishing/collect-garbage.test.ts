import { describe, expect, it } from 'vitest';
import { formatManifest } from '../../src/layout/manifest.ts';
import { neededFolders } from '../../src/publishing/collect-garbage.ts';

const folder = (n: number): string => `${String(n).padStart(12, '0')}-0000000f`;

/** Versions of a manifest a minute apart, oldest first; the last one was written at minute `count`. */
function history(count: number, labelled: readonly number[] = []) {
  return Array.from({ length: count }, (_, at) => ({
    name: '/shop/flags/manifest',
    value: formatManifest({
      epoch: 1,
      version: at + 1,
      hash: 'a'.repeat(64),
      folder: folder(at + 1),
      chunks: 1,
      bytes: 10,
      base: undefined,
      ancestors: undefined,
    }),
    version: at + 1,
    modifiedAtMs: (at + 1) * 60_000,
    description: '',
    tier: undefined,
    arn: undefined,
    isSecure: false,
    labels: labelled.includes(at + 1) ? ['stable'] : [],
  }));
}

describe('which chunks are needed', () => {
  it('those of the present manifest and of the one before', () => {
    expect([...neededFolders(history(6), 100 * 60_000)]).toEqual([folder(6), folder(5)]);
  });

  it('those that were replaced a moment ago', () => {
    // Number 4 was replaced at minute 5, number 3 at minute 4.
    expect([...neededFolders(history(6), 4 * 60_000)]).toEqual([folder(6), folder(5), folder(4)]);
  });

  it('those of a labelled version', () => {
    expect([...neededFolders(history(6, [2]), 100 * 60_000)]).toEqual([folder(6), folder(5), folder(2)]);
  });

  it('a manifest that was written again counts once', () => {
    const [first, second, third] = history(3);
    const again = [first, second, third, second].flatMap((one) => (one === undefined ? [] : [one]));
    expect([...neededFolders(again, 100 * 60_000)]).toEqual([folder(2), folder(3)]);
  });

  it('what is not a manifest needs nothing', () => {
    const foreign = history(2).map((one) => ({ ...one, value: 'not ours' }));
    expect(neededFolders(foreign, 0).size).toBe(0);
  });
});
