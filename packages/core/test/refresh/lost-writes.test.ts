import { describe, expect, it } from 'vitest';
import { outcomeOfResult } from '../../src/drivers/readings.ts';
import { decodeDocument } from '../../src/document/decode.ts';
import type { CountedRevision } from '../../src/document/revision.ts';
import { counted, documentText } from '../support/scripted-source.ts';
import { Decided, document, failed } from './decided.ts';

/** Publication number `n`: its epoch rises with it, as every publication's does. */
const nth = (n: number): CountedRevision => counted(n, 1_000 + n);
/** What publication `n` stands on, newest first. */
const before = (n: number, most = 32): readonly CountedRevision[] =>
  Array.from({ length: Math.min(most, n - 1) }, (_, index) => nth(n - 1 - index));
/** The publication that followed `n` in a store which had lost what came after `n`. */
const branchedOff = (n: number): CountedRevision => counted(n + 1, 2_000);

function holding(n: number, sources: readonly string[] = ['store']): Decided {
  const client = new Decided({ sources }).start();
  client.answer(document(nth(n), before(n)));
  return client;
}

function next(client: Decided, outcome: Parameters<Decided['answer']>[0]): void {
  client.passToTick();
  client.answer(outcome);
}

const told = (client: Decided): readonly object[] =>
  client
    .those('announce')
    .map(({ announcement }) => announcement)
    .filter(({ kind }) => kind === 'lost-writes');
const counts = (client: Decided): number =>
  client.those('count').filter(({ name }) => name === 'feature_flag_lost_writes_total').length;

describe('F90 a document that does not stand on what its source gave before', () => {
  it('is adopted, and the loss is announced, counted and logged once', () => {
    const client = holding(15);
    next(client, document(nth(5), before(5)));
    expect(client.freshness).toMatchObject({ revision: nth(15), lostWrites: null });
    const adopted = branchedOff(5);
    next(client, document(adopted, [nth(5), ...before(5)]));
    const lostWrites = {
      source: 'store',
      lost: nth(15),
      adopted,
      atMs: 1_800_000_000_000 + client.nowMs,
    };
    expect(client.freshness).toMatchObject({ state: 'fresh', revision: adopted, lostWrites });
    expect(told(client)).toEqual([{ kind: 'lost-writes', lostWrites }]);
    expect(counts(client)).toBe(1);
    expect(client.those('log').map(({ entry }) => entry)).toContainEqual({
      level: 'warn',
      message: 'the store lost writes that were served',
      fields: { source: 'store', lost: '1015.15', adopted: '2000.6' },
    });
    // What follows stands on what is served now: nothing more is lost, and health remembers what was.
    next(client, document(counted(7, 2_001), [adopted, nth(5), ...before(5)]));
    expect(told(client)).toHaveLength(1);
    expect(client.freshness.lostWrites).toEqual(lostWrites);
  });

  it('is told though the number is the same and the text another, and of a store that was emptied', () => {
    const hashed = { ...nth(6), hash: 'a'.repeat(64) };
    const reused = new Decided().start();
    reused.answer(document(hashed, before(6)));
    next(reused, document({ ...hashed, hash: 'b'.repeat(64) }, before(6)));
    expect(told(reused)).toHaveLength(1);

    const emptied = holding(15);
    next(emptied, document(counted(1, 2_000), [counted(0, 0)]));
    expect(emptied.freshness.lostWrites).toMatchObject({ lost: nth(15), adopted: counted(1, 2_000) });
  });

  it('is told of a fallback by that one, even if the first source holds another', () => {
    const client = holding(15, ['first', 'second']);
    next(client, failed('unavailable'));
    client.answer(document(nth(9), before(9)));
    // Of another store: nothing is lost because its numbers are others.
    expect(client.freshness.lostWrites).toBeNull();
    next(client, failed('unavailable'));
    client.answer(document(branchedOff(3), [nth(3), ...before(3)]));
    expect(client.freshness.lostWrites).toMatchObject({ source: 'second', lost: nth(9) });
  });

  it('is told again when it happens again', () => {
    const client = holding(15);
    next(client, document(branchedOff(5), before(6)));
    next(client, document(counted(4, 3_000), before(4)));
    expect(client.freshness.lostWrites).toMatchObject({ lost: branchedOff(5), adopted: counted(4, 3_000) });
    expect(counts(client)).toBe(2);
  });
});

describe('F90 nothing is told to be lost', () => {
  it('where what was served is among the ancestors, however many publications were missed', () => {
    for (const n of [16, 17, 40, 46, 47]) {
      const client = holding(15);
      next(client, document(nth(n), before(n)));
      expect(client.freshness).toMatchObject({ revision: nth(n), lostWrites: null });
    }
  });

  it('where what was served is older than the oldest ancestor, or nothing is known of ancestors', () => {
    for (const ancestors of [before(90), [nth(16)], [], undefined]) {
      const client = holding(15);
      next(client, document(nth(90), ancestors));
      expect(client.freshness).toMatchObject({ revision: nth(90), lostWrites: null });
    }
  });

  it('by a source that gives the same again after another had served in its place', () => {
    const client = holding(1, ['first', 'second']);
    next(client, failed('unavailable'));
    client.answer(document(nth(9), before(9)));
    for (const ancestors of [[counted(0, 0)], before(1)]) {
      next(client, document(nth(1), ancestors));
      expect(client.freshness).toMatchObject({ state: 'fresh', revision: nth(1), lostWrites: null });
      next(client, failed('unavailable'));
      client.answer(document(nth(9), before(9)));
    }
    expect(client.freshness.lostWrites).toBeNull();
  });

  it('by the first document, by the same one again, by a lagging replica, nor where revisions are hashes', () => {
    const client = holding(15);
    next(client, document(nth(15), before(15)));
    next(client, document(nth(12), before(12)));
    expect(client.freshness.lostWrites).toBeNull();

    const hashes = new Decided().start();
    hashes.answer(document({ hash: 'one' }));
    next(hashes, document({ hash: 'two' }, before(3)));
    expect(hashes.freshness.lostWrites).toBeNull();
  });
});

describe('ancestors that an adapter gave', () => {
  const read = (ancestors: unknown): unknown => {
    const answer = { kind: 'document', text: documentText(2), revision: nth(2), ancestors };
    const outcome = outcomeOfResult(answer, 'store', decodeDocument);
    return outcome.kind === 'document' ? outcome.ancestors : outcome;
  };

  it('are taken whole or not at all: of a list with a hole nobody can say what is missing', () => {
    expect(read([nth(1), counted(0, 0)])).toEqual([nth(1), counted(0, 0)]);
    expect(read([])).toEqual([]);
    const holes: readonly unknown[] = [
      null,
      'x',
      {},
      { hash: 'h' },
      { epoch: '1', version: 1 },
      counted(-1),
      counted(2 ** 53),
    ];
    for (const hole of holes) expect(read([nth(1), hole]), JSON.stringify(hole)).toBeUndefined();
    for (const odd of [undefined, null, 7, 'abc', {}, { length: 1, 0: nth(1) }]) expect(read(odd)).toBeUndefined();
  });
});
