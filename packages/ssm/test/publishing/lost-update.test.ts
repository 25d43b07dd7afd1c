import { describe, expect, it } from 'vitest';
import { runSeed, sized } from '../../../../scripts/drawn-tests.ts';
import { lastThatCounts, type Write } from '../../src/publishing/lost-update.ts';

const write = (version: number, id: string, base: string | undefined): Write => ({
  version,
  id,
  base,
  value: `value of ${id}`,
  description: '',
});

describe('F36 who won, by the history of the parameter', () => {
  it('the first to replace what was there wins, the others lose', () => {
    const writes = [write(2, 'b', 'a'), write(3, 'c', 'a'), write(4, 'd', 'a')];
    expect(lastThatCounts(writes, 'a')?.id).toBe('b');
  });

  it('a publication that replaces the winner wins after it', () => {
    const writes = [write(2, 'b', 'a'), write(3, 'x', 'a'), write(4, 'c', 'b')];
    expect(lastThatCounts(writes, 'a')?.id).toBe('c');
  });

  it('a document that was put back changes nothing', () => {
    const writes = [write(2, 'b', 'a'), write(3, 'x', 'a'), write(4, 'b', 'a'), write(5, 'c', 'b')];
    expect(lastThatCounts(writes, 'a')?.id).toBe('c');
  });

  it('a restore and a write by hand replace what there is', () => {
    const writes = [write(2, 'b', 'a'), write(3, 'restored', undefined), write(4, 'x', 'a')];
    expect(lastThatCounts(writes, 'a')?.id).toBe('restored');
  });

  it('when nobody knew what was there, none of them counts', () => {
    expect(lastThatCounts([write(2, 'x', 'long ago')], 'a')).toBeUndefined();
    expect(lastThatCounts([], 'a')).toBeUndefined();
  });

  it('random histories: everybody who began at the same document finds the same winner', () => {
    const seed = runSeed();
    const random = generator(seed);
    for (let history = 0; history < sized(1_000, 50_000); history += 1) {
      const writes: Write[] = [];
      const ids = ['start'];
      for (let version = 2; version < 20; version += 1) {
        const base = ids[Math.floor(random() * ids.length)];
        const again = random() < 0.2 && writes.length > 0;
        const id = again ? (writes[Math.floor(random() * writes.length)]?.id ?? 'start') : `d${version}`;
        writes.push(write(version, id, random() < 0.05 ? undefined : base));
        ids.push(id);
      }
      const winner = lastThatCounts(writes, 'start');
      // A later judge, who sees one more write of a document that lost, comes to the same.
      const loser = writes.find((one) => one.base !== undefined && one.id !== winner?.id && one.base !== winner?.id);
      if (loser === undefined) continue;
      expect(
        lastThatCounts([...writes, { ...loser, version: 99 }], 'start')?.id,
        `SEED=${seed}, history ${history}`,
      ).toBe(winner?.id);
    }
  });
});

/** Mulberry32. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
