import { chainHash, entryText, FIRST_PREVIOUS_HASH, readEntry, selectEntries } from '@clarity/flags-core/adapter-kit';
import type { FlagHistory, HistoryEntry } from '@clarity/flags-core/ports';
import { describe, expect, it } from 'vitest';
import { type Random, seededRandom } from '../../../core/test/document/random.ts';
import { runSeed, sized } from '../../../../scripts/drawn-tests.ts';
import { verify } from '../../src/index.ts';

const never = new AbortController().signal;
const revision = (n: number): { epoch: number; version: number; hash: string } => ({
  epoch: 1_000 + n,
  version: n,
  hash: n.toString(16).padStart(64, '0'),
});

/** One line of a store: the hash and the text of an entry. */
interface Stored {
  hash: string;
  text: string;
}

/** A chain of publications as a store holds it, oldest first. */
async function chainOf(length: number): Promise<Stored[]> {
  const chain: Stored[] = [];
  for (let seq = 1; seq <= length; seq++) {
    const text = entryText({
      seq,
      atMs: 1_764_000_000_000 + seq,
      kind: 'publish',
      actor: seq % 2 === 0 ? 'ada' : 'grace',
      authenticatedBy: 'claimed',
      via: 'cli',
      comment: `change ${seq}`,
      before: seq === 1 ? null : revision(seq - 1),
      after: revision(seq),
    });
    chain.push({ hash: await chainHash(chain.at(-1)?.hash ?? FIRST_PREVIOUS_HASH, text), text });
  }
  return chain;
}

function historyOf(chain: readonly Stored[]): Pick<FlagHistory, 'entries'> {
  const places = chain.map(({ text, hash }, index) => ({ entry: readEntry(text, hash), place: `line ${index + 1}` }));
  return { entries: async (query) => selectEntries(places.toReversed(), query) };
}

const verdict = (chain: readonly Stored[], length: number) =>
  verify(historyOf(chain), { held: revision(length) }, never);

describe('a history', () => {
  it('is sound as it was written, however long it is', async () => {
    const chain = await chainOf(2_500);
    const found = await verdict(chain, 2_500);
    expect(found).toEqual({ ok: true, entries: 2_500, head: { seq: 2_500, hash: chain.at(-1)!.hash }, findings: [] });
    expect(await verify(historyOf([]), { held: null }, never)).toEqual({ ok: true, entries: 0, findings: [] });
  });

  it('F71 tells of an entry that was edited, removed, reordered or cut off, with its number', async () => {
    const kinds = async (bend: (chain: Stored[]) => void): Promise<unknown> => {
      const chain = await chainOf(6);
      bend(chain);
      return (await verdict(chain, 6)).findings.map(({ kind, seq }) => [kind, seq]);
    };
    expect(await kinds((chain) => (chain[2]!.text = chain[2]!.text.replace('grace', 'mallory')))).toEqual([
      ['edited', 3],
    ]);
    expect(await kinds((chain) => chain.splice(2, 1))).toEqual([
      ['missing', 4],
      ['broken', 4],
    ]);
    expect(await kinds((chain) => chain.splice(2, 2, chain[3]!, chain[2]!))).toEqual(
      expect.arrayContaining([['reordered', 3]]),
    );
    expect(await kinds((chain) => chain.pop())).toEqual([['written-around', 5]]);
    expect(await kinds((chain) => (chain[1]!.text = 'nothing'))).toEqual(
      expect.arrayContaining([['unreadable', undefined]]),
    );
    expect(await kinds((chain) => chain.splice(0))).toEqual([['written-around', undefined]]);
  });

  it('F71 tells that the document was written around it, and what an entry says of such a time before', async () => {
    const chain = await chainOf(3);
    expect((await verify(historyOf(chain), { held: revision(9) }, never)).findings).toMatchObject([
      { kind: 'written-around', seq: 3, message: expect.stringContaining('written without an entry') as string },
    ]);
    const outside = entryText({
      seq: 4,
      atMs: 0,
      kind: 'outside',
      actor: 'unknown',
      authenticatedBy: 'claimed',
      via: 'file',
      before: revision(3),
      after: revision(9),
    });
    chain.push({ text: outside, hash: await chainHash(chain.at(-1)!.hash, outside) });
    expect(await verify(historyOf(chain), { held: revision(9) }, never)).toMatchObject({
      ok: true,
      findings: [{ kind: 'outside', seq: 4 }],
    });
  });

  it('F72 that was written anew is found by an anchor, and by nothing else', async () => {
    const anchor = { seq: 4, hash: (await chainOf(6))[3]!.hash };
    const forged = (await chainOf(6)).map(({ text }) => text.replaceAll('grace', 'mallory'));
    const chain: Stored[] = [];
    for (const text of forged)
      chain.push({ text, hash: await chainHash(chain.at(-1)?.hash ?? FIRST_PREVIOUS_HASH, text) });
    expect(await verdict(chain, 6)).toMatchObject({ ok: true });
    const anchored = await verify(historyOf(chain), { held: revision(6), anchors: [anchor] }, never);
    expect(anchored).toMatchObject({ ok: false, findings: [{ kind: 'anchor', seq: 4 }] });
    const shorter = await verify(
      historyOf((await chainOf(6)).slice(0, 3)),
      { held: revision(3), anchors: [anchor] },
      never,
    );
    expect(shorter.findings).toMatchObject([{ kind: 'anchor', seq: 4 }]);
  });

  /** Bends a chain in a way that a hash can see: all but to write it anew from some place on. */
  function bend(random: Random, chain: Stored[]): string {
    const at = random.integer(chain.length);
    const stored = chain[at]!;
    switch (random.pick(['text', 'hash', 'cut', 'tail', 'swap', 'twice', 'forged', 'rehashed'] as const)) {
      case 'text': {
        const place = random.integer(stored.text.length);
        const letter = stored.text[place] === 'x' ? 'y' : 'x';
        stored.text = stored.text.slice(0, place) + letter + stored.text.slice(place + 1);
        return `a letter of entry ${at + 1} at ${place}`;
      }
      case 'hash':
        stored.hash = stored.hash.replace(/^./, (first) => (first === '0' ? '1' : '0'));
        return `the hash of entry ${at + 1}`;
      case 'cut':
        chain.splice(at, 1);
        return `entry ${at + 1} removed`;
      case 'tail':
        chain.splice(at);
        return `all from entry ${at + 1} on removed`;
      case 'swap': {
        const other = (at + 1 + random.integer(chain.length - 1)) % chain.length;
        [chain[at], chain[other]] = [chain[other]!, stored];
        return `entries ${at + 1} and ${other + 1} change places`;
      }
      case 'twice':
        chain.splice(random.integer(chain.length), 0, { ...stored });
        return `entry ${at + 1} twice`;
      case 'forged': {
        const text = stored.text.replace(/"actor":"\w+"/, '"actor":"mallory"');
        chain.splice(at, 0, { text, hash: stored.hash });
        return `an entry forged before ${at + 1}`;
      }
      case 'rehashed':
        // The last entry alone can be hashed anew: only then does no entry stand on it.
        stored.text = stored.text.replace(/"actor":"\w+"/, '"actor":"mallory"');
        if (at === chain.length - 1) chain.push({ ...stored });
        else stored.hash = 'f'.repeat(64);
        return `entry ${at + 1} with another author and a hash of its own`;
    }
  }

  it('F71 that is bent at random is found bent, each time', async () => {
    const seed = runSeed();
    const sound = await chainOf(12);
    for (let round = 0; round < sized(400, 10_000); round++) {
      const random = seededRandom(seed + round);
      const chain = sound.map((stored) => ({ ...stored }));
      const how = bend(random, chain);
      const { ok, findings } = await verdict(chain, 12);
      expect(ok, `SEED=${seed + round}: ${how}`).toBe(false);
      expect(
        findings.every(({ message }) => message !== ''),
        how,
      ).toBe(true);
    }
  }, 120_000);

  it('of entries that are voided goes on with the document that was there', async () => {
    const base = { atMs: 0, actor: 'a', authenticatedBy: 'claimed', via: 'file' } as const;
    const entries: Omit<HistoryEntry, 'hash' | 'text'>[] = [
      { ...base, seq: 1, kind: 'publish', before: null, after: revision(1) },
      { ...base, seq: 2, kind: 'publish', before: revision(1), after: revision(2) },
      { ...base, seq: 3, kind: 'void', voids: 2, before: revision(1), after: revision(1) },
      { ...base, seq: 4, kind: 'publish', before: revision(1), after: revision(4) },
    ];
    const chain: Stored[] = [];
    for (const entry of entries) {
      const text = entryText(entry);
      chain.push({ text, hash: await chainHash(chain.at(-1)?.hash ?? FIRST_PREVIOUS_HASH, text) });
    }
    expect(await verdict(chain, 4)).toMatchObject({ ok: true, findings: [] });
  });
});
