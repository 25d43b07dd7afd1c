import { describe, expect, it } from 'vitest';
import {
  compareRevisions,
  formatRevision,
  type Revision,
  revisionProblem,
  shownRevision,
} from '../../src/document/revision.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

describe('the order of two revisions', () => {
  it.each<[next: Revision, known: Revision, order: string]>([
    [{ epoch: 2, version: 5 }, { epoch: 2, version: 5 }, 'same'],
    [{ epoch: 2, version: 6 }, { epoch: 2, version: 5 }, 'newer'],
    [{ epoch: 2, version: 4 }, { epoch: 2, version: 5 }, 'older'],
    // The epoch decides before the version.
    [{ epoch: 3, version: 1 }, { epoch: 2, version: 5 }, 'newer'],
    [{ epoch: 1, version: 9 }, { epoch: 2, version: 5 }, 'older'],
    [{ epoch: 2, version: 5, hash: 'a' }, { epoch: 2, version: 5, hash: 'a' }, 'same'],
    [{ epoch: 2, version: 5, hash: 'a' }, { epoch: 2, version: 5, hash: 'b' }, 'different'],
    // A side that has no hash says nothing about the text.
    [{ epoch: 2, version: 5, hash: 'a' }, { epoch: 2, version: 5 }, 'same'],
    [{ epoch: 2, version: 5 }, { epoch: 2, version: 5, hash: 'a' }, 'same'],
    [{ epoch: 2, version: 6, hash: 'a' }, { epoch: 2, version: 5, hash: 'a' }, 'newer'],
    [{ hash: 'a' }, { hash: 'a' }, 'same'],
    [{ hash: 'a' }, { hash: 'b' }, 'different'],
    // A count and a hash have nothing in common, even where the text is the same.
    [{ epoch: 2, version: 5, hash: 'a' }, { hash: 'a' }, 'different'],
    [{ hash: 'a' }, { epoch: 2, version: 5, hash: 'a' }, 'different'],
  ])('%j after %j is %s', (next, known, order) => {
    expect(compareRevisions(next, known)).toBe(order);
  });
});

describe('a revision', () => {
  it('is shown as epoch and version, or as the beginning of its hash; null where there is none', () => {
    expect(formatRevision({ epoch: 1763812800000, version: 17, hash: 'ab'.repeat(32) })).toBe('1763812800000.17');
    expect(formatRevision({ hash: '0123456789abcdef' })).toBe('0123456789ab');
    expect([shownRevision({ epoch: 1, version: 2 }), shownRevision(undefined)]).toEqual(['1.2', null]);
  });

  it.each<[Revision, RegExp | undefined]>([
    [{ epoch: 0, version: 0 }, undefined],
    [{ epoch: 1, version: Number.MAX_SAFE_INTEGER }, undefined],
    [
      { epoch: 1, version: Number.MAX_SAFE_INTEGER + 1 },
      /^version 9007199254740992 is not an integer from 0 to 2\^53-1/,
    ],
    [{ epoch: Number.MAX_SAFE_INTEGER + 1, version: 1 }, /^epoch 9007199254740992 is not an integer/],
    [{ epoch: 1, version: -1 }, /^version -1 is not/],
    [{ epoch: -1, version: 1 }, /^epoch -1 is not/],
    [{ epoch: 1, version: 1.5 }, /^version 1.5 is not/],
    [{ epoch: Number.NaN, version: 1 }, /^epoch NaN is not/],
    [{ hash: 'a' }, undefined],
    [{ hash: '' }, /empty hash/],
    [{ hash: 7 as never }, /empty hash/],
  ])('F54 %j is trusted or refused: %s', (revision, problem) => {
    const found = revisionProblem(revision, 0);
    if (problem === undefined) expect(found).toBeUndefined();
    else expect(found).toMatch(problem);
  });

  it('F13 is refused when its epoch lies more than a day ahead, to the millisecond', () => {
    const nowMs = 1_763_812_800_000;
    expect(revisionProblem({ epoch: nowMs + DAY_MS, version: 1 }, nowMs)).toBeUndefined();
    expect(revisionProblem({ epoch: nowMs + DAY_MS + 1, version: 1 }, nowMs)).toMatch(
      /^epoch 1763899200001 lies more than a day ahead of the clock here \(1763812800000\)/,
    );
  });
});
