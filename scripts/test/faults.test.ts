import { describe, expect, it } from 'vitest';
import { faultPageProblems, faultRows, TO_COME, withTests } from '../faults/fault-page.mjs';
import { namedFaults, namesTests } from '../faults/named-faults.mjs';

// Put together here, so that this file does not count as a test of these faults.
const [one, two, three] = [1, 2, 3].map((number) => `F${number}`) as [string, string, string];

const page = (...rows: readonly (readonly [id: string, tests: string])[]): string =>
  ['| fault | what happens | outcome | tests |', '|---|---|---|---|']
    .concat(rows.map(([id, tests]) => `| ${id} | it breaks | it mends | ${tests} |`))
    .join('\n');

describe('the numbers of faults in a test file', () => {
  const named = (text: string): readonly string[] => [...namedFaults('a.test.ts', text)];

  it('are those in names, at their beginning and in brackets', () => {
    expect(named(`it('${one} works', f); describe("works (${two}, ${three})", f);`)).toEqual([one, two, three]);
  });

  it('are those in templates and in the rows of a table', () => {
    expect(named(`it.each([['${one} a']])('%s', f); it(\`${two} of \${n} runs\`, f);`)).toEqual([one, two]);
  });

  it('are not those in comments, nor parts of words', () => {
    expect(named(`// ${one} is tested elsewhere\nit('of ${two}x and A${three}', f);`)).toEqual([]);
  });

  it('count in tests and contract suites, not in what these use', () => {
    expect(
      ['packages/core/test/a.test.ts', 'packages/testing/src/contract/feed-checks.ts', 'tests/live/support/a.ts'].map(
        namesTests,
      ),
    ).toEqual([true, true, false]);
  });
});

describe('the page of faults', () => {
  it('has a row for each line that begins with a number', () => {
    expect(faultRows(page([one, TO_COME], [two, '[a](../a.test.ts)'])).map(({ id, line }) => [id, line])).toEqual([
      [one, 3],
      [two, 4],
    ]);
  });

  it('gets links to the tests, by names that tell them apart, in the order of their paths', () => {
    const tests = new Map([
      [one, ['tests/live/redis/feed-faults.live.test.ts', 'packages/core/test/refresh/notices.test.ts']],
      [two, ['packages/testing/src/contract/feed-checks.ts']],
    ]);
    expect(withTests(page([one, TO_COME], [two, '[old](../old.test.ts)'], [three, TO_COME]), tests)).toBe(
      page(
        [
          one,
          '[core/refresh/notices](../packages/core/test/refresh/notices.test.ts), ' +
            '[live/redis/feed-faults](../tests/live/redis/feed-faults.live.test.ts)',
        ],
        [two, '[testing/contract/feed-checks](../packages/testing/src/contract/feed-checks.ts)'],
        [three, TO_COME],
      ),
    );
  });

  it('has no problem when its rows and the tests agree', () => {
    expect(
      faultPageProblems(page([one, '[a](../a.test.ts)'], [two, TO_COME]), new Map([[one, ['a.test.ts']]])),
    ).toEqual([]);
  });

  it.each([
    ['a number of tests without a row', page([one, TO_COME]), [two], /^a\.test\.ts: .*F2.*no such row/],
    ['a fault with two rows', page([one, TO_COME], [one, TO_COME]), [], /:4 is a second row of F1/],
    ['a fault that lost its tests', page([one, '[a](../a.test.ts)']), [], /:3 names tests of F1, and no test bears/],
  ])('does not do with %s', (_, text, named, problem) => {
    const problems = faultPageProblems(text, new Map(named.map((id) => [id, ['a.test.ts']])));
    expect(problems).toEqual([expect.stringMatching(problem)]);
  });
});
