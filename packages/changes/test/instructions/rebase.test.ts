import { describe, expect, it } from 'vitest';
import { type Change, type Instruction, rebase } from '../../src/index.ts';
import { documentWith } from './applied.ts';

function changeOf(...instructions: Instruction[]): Change {
  return { comment: 'why', instructions };
}

const document = documentWith({
  a: { status: 'canary', rolloutPercentage: 25, description: 'old' },
  b: { status: 'enabled' },
});

describe('a change on a newer document', () => {
  it('lands beside what others changed, also in the same flag', () => {
    const mine = rebase(changeOf({ kind: 'setPercentage', flag: 'a', percentage: 50 }), document);
    const theirs = rebase(changeOf({ kind: 'setDescription', flag: 'a', description: 'new' }), document);
    const both = mine.ok && theirs.ok && rebase(mine.change, theirs.document);
    expect(both && both.ok && both.document.flags['a']).toEqual({
      status: 'canary',
      rolloutPercentage: 50,
      description: 'new',
    });
  });

  it('is told what its author saw by the document that they looked at', () => {
    const made = rebase(changeOf({ kind: 'setPercentage', flag: 'a', percentage: 50 }), document);
    expect(made.ok && made.change).toEqual(changeOf({ kind: 'setPercentage', flag: 'a', percentage: 50, from: 25 }));
  });

  it('is refused where its place is another by then: what was seen, what is there, and what is wanted', () => {
    const newer = documentWith({ a: { status: 'canary', rolloutPercentage: 75 } });
    expect(rebase(changeOf({ kind: 'setPercentage', flag: 'a', percentage: 50, from: 25 }), newer)).toMatchObject({
      ok: false,
      problems: [
        {
          reason: 'contested',
          message:
            '$.flags.a.rolloutPercentage: found 75, allowed: 25, which the author saw; ' +
            'look at what is there, and say it anew',
          sides: { saw: 25, now: 75, wants: 50 },
        },
      ],
    });
  });

  it('is refused with both sides where another form stands in its place', () => {
    const newer = documentWith({ a: { type: 'boolean', fallthrough: 'on' } });
    expect(rebase(changeOf({ kind: 'setPercentage', flag: 'a', percentage: 50, from: 25 }), newer)).toMatchObject({
      problems: [{ reason: 'contested', found: 'one variant for all', sides: { saw: 25, now: 'on' } }],
    });
  });

  it('is refused where its flag is gone', () => {
    const newer = documentWith({ b: { status: 'enabled' } });
    expect(rebase(changeOf({ kind: 'turnOff', flag: 'a' }), newer)).toMatchObject({
      problems: [{ reason: 'gone', sides: { now: null } }],
    });
  });

  it('does nothing where somebody did the same before', () => {
    const newer = documentWith({ a: { status: 'canary', rolloutPercentage: 50 } });
    const made = rebase(changeOf({ kind: 'setPercentage', flag: 'a', percentage: 50, from: 25 }), newer);
    expect(made.ok && made.document).toEqual(newer);
  });
});
