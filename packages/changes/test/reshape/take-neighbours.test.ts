import { describe, expect, it } from 'vitest';
import type { Holder } from '../../src/reshape/runs.ts';
import { takeNeighbours } from '../../src/reshape/take-neighbours.ts';

/** `aaab` is three buckets of a and one of b. Numbers above 0 are a holder's need, those below it its surplus. */
function after(buckets: string, wants: Readonly<Record<string, number>>): string {
  const holders = new Map<string, Holder>(
    Object.entries(wants).map(([name, want]) => [name, { need: Math.max(0, want), surplus: Math.max(0, -want) }]),
  );
  const runs = [...buckets.matchAll(/(.)\1*/g)].map(({ 0: text, index }) => ({
    from: index,
    to: index + text.length,
    holder: holders.get(text[0]!)!,
  }));
  const names = new Map([...holders].map(([name, holder]) => [holder, name]));
  return takeNeighbours(runs)
    .map(({ from, to, holder }) => `${from}${names.get(holder)!.repeat(to - from)}`)
    .join(' ');
}

describe('who needs buckets', () => {
  it('takes them from those beside it who have too many, after its end or before its start', () => {
    expect(after('aabbbb', { a: 2, b: -2 })).toBe('0aaaa 4bb');
    expect(after('bbbbaa', { a: 2, b: -2 })).toBe('0bb 2aaaa');
  });

  it('grows at its end before it grows at its start', () => {
    expect(after('bbbbaabbbb', { a: 2, b: -2 })).toBe('0bbbb 4aaaa 8bb');
  });

  it('takes no more than it needs, than others have too many, and than lies there', () => {
    expect(after('aabbbb', { a: 9, b: -1 })).toBe('0aaa 3bbb');
    expect(after('aabbcc', { a: 1, b: -2, c: 0 })).toBe('0aaa 3b 4cc');
    expect(after('aaccbb', { a: 1, b: -2, c: 0 })).toBe('0aa 2cc 4bb');
  });

  it('takes whole runs first, which join its own', () => {
    expect(after('bbbaabaa', { a: 1, b: -1 })).toBe('0bbb 3aaaaa');
    expect(after('aabcaa', { a: 2, b: -1, c: -1 })).toBe('0aaaaaa');
    expect(after('bcaabbb', { a: 2, b: -1, c: -1 })).toBe('0aaaa 4bbb');
  });
});
