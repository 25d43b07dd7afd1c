import { describe, expect, it } from 'vitest';
import { ALLOCATION_FLAGS } from '../../bench/src/allocated-bytes.ts';
import { believable, believableOfEach } from '../../bench/src/believable.ts';
import { runFresh } from '../../bench/src/evaluation/child.ts';

describe('F98 a figure of a benchmark', () => {
  it.each([
    ['no number', { one: { p50: Number.NaN } }, 'one.p50 is NaN'],
    ['endless', { one: Number.POSITIVE_INFINITY }, 'one is Infinity'],
    ['not there', { one: undefined }, 'one is undefined'],
  ])('that is %s fails the run', (_, results, sentence) => {
    expect(() => believable(results)).toThrow(sentence);
  });

  it('of 0 for each of several subjects fails the run, and of 0 for one does not', () => {
    expect(() => believableOfEach('bytes', { ours: 0, theirs: 0 })).toThrow('bytes is 0 for each of 2 subjects');
    expect(believableOfEach('bytes', { ours: 0, theirs: 120 })).toEqual({ ours: 0, theirs: 120 });
    expect(believableOfEach('bytes', { ours: 0 })).toEqual({ ours: 0 });
  });

  it('sees what is allocated, to the byte, and nothing where nothing is', { timeout: 60_000 }, async () => {
    expect(await probe('some', ALLOCATION_FLAGS)).toBeCloseTo(40, 0);
    expect(await probe('none', ALLOCATION_FLAGS)).toBeCloseTo(0, 1);
  });

  it('is refused where V8 collected meanwhile', async () => {
    await expect(probe('some', ['--expose-gc', '--max-semi-space-size=1'])).rejects.toThrow('V8 collected');
  });
});

function probe(what: 'some' | 'none', flags: readonly string[]): Promise<unknown> {
  return runFresh('../allocation-probe.ts', [what], {}, flags);
}
