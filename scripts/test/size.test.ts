import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { accept } from '../../bench/src/size/accept.ts';
import { ABOVE_THEIR_CEILING, budgetFor, BUDGETS, CEILINGS, textOfBudgets } from '../../bench/src/size/budgets.ts';
import { complaints } from '../../bench/src/size/complaints.ts';
import { packageEntries, publishedFolders } from '../package-entries.ts';

const EDGE = '@clarity/flags-core/edge';
const sizes = (entries: Readonly<Record<string, number>>) =>
  new Map(Object.entries(entries).map(([name, gzip]) => [name, { gzip }]));

describe('the size of an entry', () => {
  it('may be its budget and not a byte more, and no entry is without one', () => {
    expect(complaints('a', { gzip: 6_000, brotli: 5_000, budget: 6_000 })).toEqual([]);
    expect(complaints('a', { gzip: 6_001, brotli: 5_000, budget: 6_000 })).toEqual([
      'a is 6001 bytes after gzip, 1 over its budget of 6000. If nobody meant it, find what came in; ' +
        'if it is worth its bytes, run `npm run size -- --accept` and commit it apart, with the reason.',
    ]);
    expect(complaints('a', { gzip: 1, brotli: 1, budget: undefined })).toEqual([
      'a has no budget. It is 1 bytes after gzip; to accept them, run `npm run size -- --accept` and commit it apart, with the reason.',
    ]);
  });

  it('has a budget for every entry of every package, in hundreds, in the file as --accept writes it', () => {
    const entries = publishedFolders().flatMap((folder) => packageEntries(folder).map(({ specifier }) => specifier));
    expect(Object.keys(BUDGETS).toSorted()).toEqual(entries.toSorted());
    expect(Object.entries(BUDGETS).filter(([, budget]) => budget % 100 !== 0)).toEqual([]);
    const file = readFileSync(new URL('../../bench/src/size/budgets.json', import.meta.url), 'utf8');
    expect(file).toBe(textOfBudgets(BUDGETS));
  });

  it('keeps what was promised as a ceiling, which no budget exceeds without a reason', () => {
    expect(CEILINGS).toEqual({ [EDGE]: 18_500 });
    const above = Object.keys(CEILINGS).filter((name) => (BUDGETS[name] ?? 0) > (CEILINGS[name] ?? 0));
    expect(above).toEqual(Object.keys(ABOVE_THEIR_CEILING));
  });
});

describe('accepting sizes', () => {
  it('gives each what it measures and 3 %, rounded up to 100', () => {
    expect([1, 9_709, 10_000, 10_001, 15_085].map((bytes) => budgetFor('a', bytes))).toEqual([
      100, 10_100, 10_300, 10_400, 15_600,
    ]);
  });

  it('does not lift a budget over its ceiling, and refuses a size that is', () => {
    expect(budgetFor(EDGE, 18_400, {})).toBe(18_500);
    expect(accept(sizes({ [EDGE]: 18_500 }), {}, {}).refusals).toEqual([]);
    expect(accept(sizes({ [EDGE]: 18_501 }), {}, {}).refusals).toEqual([
      expect.stringContaining(`${EDGE} is 18501 bytes after gzip, 1 over its ceiling of 18500.`),
    ]);
  });

  it('takes a size over its ceiling with a reason, and refuses a reason that is needed no more', () => {
    const above = { [EDGE]: 'a decision' };
    expect(accept(sizes({ [EDGE]: 20_000 }), {}, above)).toMatchObject({ budgets: { [EDGE]: 20_600 }, refusals: [] });
    expect(accept(sizes({ [EDGE]: 18_500 }), {}, above).refusals).toEqual([
      expect.stringContaining(`${EDGE} is within its ceiling of 18500 again`),
    ]);
  });

  it('tells what changes: what grew, shrank, came and went', () => {
    const { budgets, changes } = accept(sizes({ grew: 200, shrank: 10, same: 100, came: 100 }), {
      grew: 200,
      shrank: 5_000,
      same: 200,
      went: 300,
    });
    expect(budgets).toEqual({ grew: 300, shrank: 100, same: 200, came: 200 });
    expect(changes).toEqual(['grew: 200 -> 300', 'shrank: 5000 -> 100', 'came: none -> 200', 'went: 300 -> gone']);
  });
});
