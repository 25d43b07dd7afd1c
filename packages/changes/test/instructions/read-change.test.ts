import { describe, expect, it } from 'vitest';
import { type Change, readChange } from '../../src/index.ts';

function messagesOf(source: unknown): readonly string[] {
  const read = readChange(source);
  return read.ok ? [] : read.problems.map(({ message }) => message);
}

function messagesOfOne(instruction: unknown): readonly string[] {
  return messagesOf({ comment: '', instructions: [instruction] });
}

const change: Change = { comment: 'why', instructions: [{ kind: 'turnOn', flag: 'a' }] };

describe('a change that is read', () => {
  it('comes from a text or from a value, as a copy', () => {
    expect(readChange(JSON.stringify(change))).toEqual({ ok: true, change });
    expect(readChange(`\uFEFF${JSON.stringify(change)}`)).toEqual({ ok: true, change });
    const read = readChange(change);
    expect(read.ok && read.change).toEqual(change);
    expect(read.ok && read.change).not.toBe(change);
  });

  it('may have a comment of 2,000 characters, and no longer one', () => {
    expect(messagesOf({ ...change, comment: 'x'.repeat(2_000) })).toEqual([]);
    expect(messagesOf({ ...change, comment: 'x'.repeat(2_001) })).toEqual([
      '$.comment: found text of 2001 characters, allowed: text of at most 2000 characters: why this is done',
    ]);
  });
});

describe('complaints about a change', () => {
  it.each<[string, unknown, string]>([
    ['a text that is no JSON', '{"comment":', 'line 1, column 12'],
    ['a list', [], '$: found a list of 0, allowed: an object with comment, instructions'],
    ['nothing at all', undefined, '$: found nothing, allowed: an object with comment, instructions'],
    ['no comment', { instructions: change.instructions }, '$.comment: found nothing'],
    [
      'no instruction',
      { comment: '', instructions: [] },
      '$.instructions: found a list of 0, allowed: a list of at least one',
    ],
    ['another member', { ...change, author: 'me' }, '$.author: found another member, allowed: comment, instructions'],
  ])('say where it is and what is allowed: %s', (_, source, message) => {
    expect(messagesOf(source)[0]).toContain(message);
  });

  it('name an unknown kind and those that there are', () => {
    const [message] = messagesOfOne({ kind: 'turnUp', flag: 'a' });
    expect(message).toMatch(/^\$\.instructions\[0\]\.kind: found "turnUp", allowed: create, .*setEnvironment$/);
  });

  it('name members that are missing, unknown or wrong', () => {
    expect(messagesOfOne({ kind: 'setPercentage', flag: '', percentage: 120, rules: 1 })).toEqual([
      '$.instructions[0].rules: found another member, allowed: kind, flag, percentage, variant, rule, from',
      '$.instructions[0].flag: found empty text, allowed: text that is not empty',
      '$.instructions[0].percentage: found 120, allowed: a number from 0 to 100',
    ]);
    expect(messagesOfOne({ kind: 'addTargets', flag: 'a' })).toEqual([
      '$.instructions[0].keys: found nothing, allowed: a list of targeting keys: text or integers',
    ]);
    expect(messagesOfOne({ kind: 'setMetadata', flag: 'a' })).toEqual([
      '$.instructions[0]: found neither, allowed: metadata, remove, or both',
    ]);
  });

  it('repeat no key of a user', () => {
    expect(messagesOfOne({ kind: 'addTargets', flag: 'a', keys: 'somebody' })).toEqual([
      '$.instructions[0].keys: found text of 8 characters, allowed: a list of targeting keys: text or integers',
    ]);
  });

  it('look into definitions', () => {
    expect(
      messagesOfOne({ kind: 'create', flag: 'a', definition: { status: 'purple', rolloutPercentage: 101 } }),
    ).toEqual([
      '$.instructions[0].definition.status: found "purple", allowed: enabled, disabled, beta, canary',
      '$.instructions[0].definition.rolloutPercentage: found 101, allowed: a number from 0 to 100',
    ]);
  });

  it('do not follow what nests without end', () => {
    const nested = `{"comment":"","instructions":[${'['.repeat(100_000)}${']'.repeat(100_000)}]}`;
    expect(messagesOf(nested)).toEqual(['$: found deeper nesting, allowed: nesting up to 64']);
  });

  it('come to 20 at most', () => {
    expect(messagesOf({ comment: '', instructions: Array.from({ length: 50 }, () => 1) })).toHaveLength(20);
  });

  it('are no exception, whatever is given', () => {
    const circle: Record<string, unknown> = {};
    circle['circle'] = circle;
    expect(messagesOf(circle)).toEqual(['$: found what is no JSON, allowed: values of JSON, without circles']);
    for (const value of [1n, () => 1, Symbol('x'), null, NaN]) expect(readChange(value).ok).toBe(false);
  });
});
