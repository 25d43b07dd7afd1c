import { describe, expect, it } from 'vitest';
import type { FlagDefinition } from '../../src/document/types.ts';
import type { EvaluationContext } from '../../src/evaluation/context.ts';
import { explain } from '../../src/evaluation/explain.ts';
import { evaluatorOf } from './documents.ts';

/** What details say of an attribute `a`, a sentence each. */
function told(op: string, value: unknown, a: unknown): readonly string[] {
  const when = { attribute: 'a', op, ...(value !== undefined && { value }) } as never;
  const evaluator = evaluatorOf({ flag: { type: 'boolean', rules: [{ when, serve: 'on' }], fallthrough: 'off' } });
  const details = evaluator.details('flag', { a }, true);
  expect(details.value).toBe(false);
  return (details.contextProblems ?? []).map(({ code, message }) => `${code} ${message}`);
}

class ObjectId {
  readonly #id = '507f1f77bcf86cd799439011';
  toString(): string {
    return this.#id;
  }
}

describe('details', () => {
  const instant = 'an instant with a zone, Unix milliseconds or a Date';
  it.each<[string, unknown, unknown, string, string]>([
    ['atLeast', 18, '30', 'a number as text', 'a number'],
    ['atLeast', 18, [1, '30'], 'in a list a number as text', 'a number'],
    ['atLeast', 18, NaN, 'NaN', 'a number'],
    ['equals', 30, '30', 'a number as text', 'a number'],
    ['equals', true, 'true', 'true or false as text', 'true or false'],
    ['in', ['7'], 7, 'a number', 'text'],
    ['equals', '507f1f77bcf86cd799439011', new ObjectId(), 'an object', 'text, a number, true or false'],
    ['semverAtLeast', '2.0.0', '17.5', 'a version of 2 numbers', 'a version like 1.2.3, as text'],
    ['semverAtLeast', '2.0.0', 17.5, 'a number that is not an integer', 'a version like 1.2.3, as text'],
    ['semverAtLeast', '2.0.0', 'v3.0.0', 'a version with a v before it', 'a version like 1.2.3, as text'],
    ['after', '2026-01-01T00:00:00Z', '2026-11-30', 'a date without a zone', instant],
    ['after', '2026-01-01T00:00:00Z', '2026-11-30T09:00:00', 'a date without a zone', instant],
    ['after', '2026-01-01T00:00:00Z', 1_796_029_200, 'a number as small as Unix seconds', instant],
    ['after', '2026-01-01T00:00:00Z', 100_000_000, 'a number as small as Unix seconds', instant],
    ['after', '2026-01-01T00:00:00Z', 99_999_999_999, 'a number as small as Unix seconds', instant],
    ['after', '2026-01-01T00:00:00Z', new Date(NaN), 'a Date without a time', instant],
    ['before', '2027-01-01T00:00:00Z', 1_796_029_200, 'a number as small as Unix seconds', instant],
    ['inNetwork', '10.0.0.0/8', '10.0.0', 'text of 6 characters', 'an IPv4 or IPv6 address, as text'],
    ['contains', 'x', 7, 'a number', 'text'],
    ['matches', 'x', { x: 1 }, 'an object', 'text'],
  ])('F66 say which value had which form: %s %j of %j', (op, value, found, form, allowed) => {
    expect(told(op, value, found)).toEqual([`INVALID_CONTEXT a: found ${form}, allowed: ${allowed}`]);
  });

  it('F91 say what was not looked at', () => {
    expect(told('contains', 'x', 'a'.repeat(2_049))).toEqual([
      'NOT_LOOKED_AT a: found text of 2049 characters, allowed: 2048 characters',
    ]);
    expect(
      told(
        'equals',
        'x',
        Array.from({ length: 1_001 }, () => 'a'),
      ),
    ).toEqual(['NOT_LOOKED_AT a: found a list of 1001, allowed: 1000 elements; the others are not looked at']);
  });

  it.each([
    ['equals', 'a', 'b'],
    ['atLeast', 18, 17],
    ['semverAtLeast', '2.0.0', '1.0.0'],
    ['after', '2026-01-01T00:00:00Z', '2025-01-01T00:00:00Z'],
    ['after', '2026-01-01T00:00:00Z', 99_999_999],
    ['after', '2026-01-01T00:00:00Z', 100_000_000_000],
    ['atLeast', 18, undefined],
    ['atLeast', 18, null],
    ['equals', 30, '31'],
    ['in', ['a'], []],
  ])('say nothing of what was compared and is false: %s %j of %j', (op, value, found) => {
    expect(told(op, value, found)).toEqual([]);
  });

  const canary = evaluatorOf({
    canary: { status: 'canary', rolloutPercentage: 50 },
    company: {
      type: 'boolean',
      fallthrough: { kind: 'split', by: 'company.id', variants: [{ variant: 'on', weight: 1 }] },
    },
    on: { status: 'enabled' },
  });
  it.each<[EvaluationContext, string]>([
    [{}, 'nothing'],
    [{ userId: '' }, 'empty text'],
    [{ userId: new ObjectId() as never }, 'an object'],
    [{ userId: 1.5 }, 'a number that is not an integer'],
    [{ userId: 2 ** 53 }, 'an integer beyond 2^53 - 1'],
    [{ targetingKey: ['u1'] as never }, 'a list of 1'],
  ])('F66 say that there was no usable unit, by a code: %j', (context, found) => {
    const details = canary.details('canary', context, true);
    expect(details).toMatchObject({ value: false, reason: 'DEFAULT' });
    expect(details.contextProblems).toEqual([
      {
        code: 'TARGETING_KEY_MISSING',
        attribute: 'targetingKey',
        found,
        allowed: 'text that is not empty, or an integer',
        message: `targetingKey: found ${found}, allowed: text that is not empty, or an integer`,
      },
    ]);
  });

  it('have no such field where nothing is wrong', () => {
    for (const key of ['canary', 'on', 'unknown'])
      expect(canary.details(key, { userId: 'u1' }, false)).not.toHaveProperty('contextProblems');
    expect(canary.details('company', { company: { id: {} } }, false)).toMatchObject({
      contextProblems: [{ code: 'TARGETING_KEY_MISSING', attribute: 'company.id', found: 'an object' }],
    });
  });

  it('tell a problem once, at most 20, and none of a way that was not gone', () => {
    const comparison = (attribute: string) => ({ attribute, op: 'atLeast', value: 18 }) as const;
    const evaluator = evaluatorOf(
      {
        many: {
          type: 'boolean',
          rules: Array.from({ length: 60 }, (_, index) => ({ when: comparison(`a${index % 30}`), serve: 'on' })),
          fallthrough: 'off',
        },
        early: {
          type: 'boolean',
          rules: [
            { when: { attribute: 'a0', op: 'exists' }, serve: 'on' },
            { when: comparison('a1'), serve: 'off' },
          ],
          fallthrough: 'off',
        },
        segment: { type: 'boolean', rules: [{ when: { segment: 'adults' }, serve: 'on' }], fallthrough: 'off' },
        blocked: {
          type: 'boolean',
          prerequisites: [{ flag: 'many', variants: ['on'] }],
          fallthrough: { kind: 'split', variants: [{ variant: 'on', weight: 1 }] },
        },
      },
      { adults: { when: comparison('a2') } },
    );
    const context = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`a${index}`, '30']));
    expect(evaluator.details('many', context, false).contextProblems).toHaveLength(20);
    expect(evaluator.details('many', { a3: '30' }, false).contextProblems).toHaveLength(1);
    expect(evaluator.details('early', context, false)).not.toHaveProperty('contextProblems');
    expect(evaluator.details('segment', context, false).contextProblems).toMatchObject([{ attribute: 'a2' }]);
    expect(evaluator.details('blocked', context, false)).toMatchObject({ reason: 'PREREQUISITE_FAILED' });
    expect(evaluator.details('blocked', context, false)).not.toHaveProperty('contextProblems');
  });

  it('F66 hold nothing of what a value says', () => {
    const secret = 'alice@example.com';
    expect(JSON.stringify(told('inNetwork', '10.0.0.0/8', secret))).not.toContain('alice');
    expect(JSON.stringify(told('atLeast', 1, { [secret]: secret }))).not.toContain('alice');
  });
});

describe('a context that names nobody', () => {
  const flags: Readonly<Record<string, FlagDefinition>> = {
    beta: { status: 'beta', betaUsers: ['u1'] },
    half: { status: 'canary', rolloutPercentage: 50, betaUsers: ['u1'] },
    on: { status: 'enabled' },
    byCompany: {
      type: 'boolean',
      fallthrough: {
        kind: 'ramp',
        by: 'companyId',
        variant: 'on',
        otherwise: 'off',
        curve: 'steps',
        points: [{ at: '2026-01-01T00:00:00Z', percentage: 50 }],
      },
    },
  };
  const evaluator = evaluatorOf(flags);
  const said = (key: string, context: unknown): readonly string[] =>
    (evaluator.details(key, context as EvaluationContext, false).contextProblems ?? []).map(({ message }) => message);

  it.each([
    ['u1', 'text of 2 characters'],
    [7, 'a number'],
    [true, 'true or false'],
    [['u1'], 'a list of 1'],
    [() => ({}), 'a function'],
  ])('as it is no object: %j is told of every flag, and of nothing else', (context, found) => {
    for (const key of Object.keys(flags)) {
      expect(said(key, context)).toEqual([
        `context: found ${found}, allowed: an object such as { targetingKey: 'u1' }`,
      ]);
    }
    expect(explain(evaluator, 'half', context as never).details.contextProblems).toHaveLength(1);
  });

  it.each([
    [{ user_id: 'u1' }, 'user_id'],
    [{ userID: 7 }, 'userID'],
    [{ targeting_key: 'u1', country: 'CH' }, 'targeting_key'],
    [{ userId: null, id: 'u1' }, 'id'],
    [{ key: 'u1', kind: 'user' }, 'key'],
    [{ user: { id: 'u1' } }, 'user'],
  ])('as its key has another name: %j', (context, name) => {
    const message = `targetingKey: found nothing (${name} is there, and does not count), allowed: text that is not empty, or an integer`;
    expect(said('beta', context)).toEqual([message]);
    expect(said('half', context)).toEqual([message]);
    expect(said('on', context)).toEqual([]);
    expect(said('byCompany', context)).toEqual([
      'companyId: found nothing, allowed: text that is not empty, or an integer',
    ]);
    expect(explain(evaluator, 'half', context as never).steps.at(-1)).toMatchObject({
      serve: { problem: { message } },
    });
  });

  it('as it is a visitor without one: nothing is wrong with targets, and a split has no unit', () => {
    for (const context of [undefined, null, {}, { country: 'CH', user_id: null, id: '' }]) {
      expect(said('beta', context)).toEqual([]);
      expect(said('half', context)).toEqual([
        'targetingKey: found nothing, allowed: text that is not empty, or an integer',
      ]);
    }
  });
});

describe('an explanation', () => {
  it('F66 says which value had which form, and what was there for a unit', () => {
    const evaluator = evaluatorOf({
      flag: {
        type: 'boolean',
        rules: [{ when: { attribute: 'age', op: 'atLeast', value: 18 }, serve: 'on' }],
        fallthrough: { kind: 'split', variants: [{ variant: 'on', weight: 1 }] },
      },
    });
    const explanation = explain(evaluator, 'flag', { age: '30', userId: {} as never });
    expect(explanation.steps).toMatchObject([
      { step: 'enabled' },
      { step: 'rule', condition: { found: '"30"', problem: { code: 'INVALID_CONTEXT', found: 'a number as text' } } },
      { step: 'fallthrough', serve: { problem: { code: 'TARGETING_KEY_MISSING', found: 'an object' } } },
    ]);
    expect(explanation.details.contextProblems).toHaveLength(2);
    expect(explanation.summary).toContain('targetingKey holds no unit to deal with (an object)');
  });
});
