import { describe, expect, it } from 'vitest';
import { BUDGETS } from '../../bench/src/size/budgets.ts';
import { complaints } from '../../bench/src/size/complaints.ts';
import { packageEntries, packageFolders } from '../package-entries.ts';

describe('the size of an entry', () => {
  it('may be its budget and not a byte more, and no entry is without one', () => {
    expect(complaints('a', { gzip: 6_000, brotli: 5_000, budget: 6_000 })).toEqual([]);
    expect(complaints('a', { gzip: 6_001, brotli: 5_000, budget: 6_000 })).toEqual([
      'a is 6001 bytes after gzip, 1 over its budget of 6000.',
    ]);
    expect(complaints('a', { gzip: 1, brotli: 1, budget: undefined })).toEqual([
      expect.stringMatching(/^a has no budget: give it one/),
    ]);
  });

  it('has a budget for every entry of every package, the promised ones as they were promised', () => {
    const entries = packageFolders().flatMap((folder) => packageEntries(folder).map(({ specifier }) => specifier));
    expect(Object.keys(BUDGETS).toSorted()).toEqual(entries.toSorted());
    expect(BUDGETS).toMatchObject({ '@clarity/flags-core/evaluation': 6_000, '@clarity/flags-core/edge': 8_000 });
  });
});
