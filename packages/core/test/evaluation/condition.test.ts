import { describe, expect, it } from 'vitest';
import type { Comparison, Condition, Segment } from '../../src/document/types.ts';
import { meets } from './documents.ts';

/** Whether `value`, as the attribute `a`, satisfies an operator. */
const compare = (op: Comparison['op'], value: Comparison['value'], found: unknown, ignoreCase?: boolean): boolean =>
  meets(
    {
      attribute: 'a',
      op,
      ...(value !== undefined && { value }),
      ...(ignoreCase !== undefined && { ignoreCase }),
    } as Condition,
    { a: found },
  );

describe('operators', () => {
  it.each([
    ['equals', 'pro', 'pro', true],
    ['equals', 'pro', 'Pro', false],
    ['equals', 1, 1, true],
    ['equals', 1, '1', false],
    ['equals', '1', 1, false],
    ['equals', true, true, true],
    ['equals', true, 'true', false],
    ['equals', 0, -0, true],
    ['equals', '', '', true],
    ['in', ['DE', 'AT', 1], 'AT', true],
    ['in', ['DE', 'AT', 1], 1, true],
    ['in', ['DE', 'AT', 1], 'CH', false],
    ['in', [], 'CH', false],
    ['contains', 'b', 'abc', true],
    ['contains', 'B', 'abc', false],
    ['contains', ['x', 'c'], 'abc', true],
    ['contains', [], 'abc', false],
    ['contains', 'b', 7, false],
    ['startsWith', 'ab', 'abc', true],
    ['startsWith', ['x', 'bc'], 'abc', false],
    ['endsWith', '@example.com', 'a@example.com', true],
    ['endsWith', '@example.com', 'a@example.com.evil', false],
    ['endsWith', ['.org', '.com'], 'a@example.com', true],
    ['matches', '^a+b$', 'aaab', true],
    ['matches', '^a+b$', 'aaabc', false],
    ['matches', '\\d', 7, false],
    ['lessThan', 5, 4.9, true],
    ['lessThan', 5, 5, false],
    ['atMost', 5, 5, true],
    ['atMost', 5, 5.1, false],
    ['greaterThan', 5, 5, false],
    ['greaterThan', 5, Infinity, true],
    ['atLeast', 5, 5, true],
    ['atLeast', 5, '6', false],
    ['atLeast', 5, NaN, false],
    ['atMost', 5, NaN, false],
    ['before', '2026-01-01T00:00:00Z', '2025-12-31T23:59:59Z', true],
    ['before', '2026-01-01T00:00:00Z', '2026-01-01T01:00:00+01:00', false],
    ['after', '2026-01-01T00:00:00Z', '2026-01-01T00:30:00+01:00', false],
    ['after', '2026-01-01T00:00:00Z', '2026-01-01T00:30:00Z', true],
    ['after', '2026-01-01T00:00:00Z', Date.UTC(2026, 0, 2), true],
    ['after', '2026-01-01T00:00:00Z', new Date(Date.UTC(2026, 0, 2)), true],
    ['after', '2026-01-01T00:00:00Z', new Date(NaN), false],
    ['before', '2026-01-01T00:00:00Z', new Date(NaN), false],
    ['before', '2026-01-01T00:00:00Z', Date.UTC(2025, 0, 1) / 1_000, false],
    ['before', '2026-01-01T00:00:00Z', 99_999_999, true],
    ['before', '2026-01-01T00:00:00Z', 100_000_000_000, true],
    ['before', '2026-01-01T00:00:00Z', new Date(1_000_000_000), true],
    ['after', '2026-01-01T00:00:00Z', '2026-01-02', false],
    ['semverEquals', '1.2.3', '1.2.3+build', true],
    ['semverLessThan', '1.2.3', '1.2.3-rc.1', true],
    ['semverAtMost', '1.2.3', '1.2.3', true],
    ['semverGreaterThan', '1.2.3', '1.10.0', true],
    ['semverAtLeast', '1.2.3', '1.2.3-rc.1', false],
    ['semverAtLeast', '1.2.3', '1.2', false],
    ['semverLessThan', '1.2.3', 'x', false],
    ['inNetwork', '10.0.0.0/8', '10.1.2.3', true],
    ['inNetwork', ['2001:db8::/32', '10.0.0.0/8'], '2001:db8::1', true],
    ['inNetwork', '10.0.0.0/8', '10.1.2', false],
    ['exists', undefined, '', true],
    ['exists', undefined, false, true],
    ['exists', undefined, 0, true],
    ['exists', undefined, [], true],
    ['exists', undefined, null, false],
    ['exists', undefined, undefined, false],
  ] as const)('%s %j of %j is %s', (op, value, found, expected) => {
    expect(compare(op, value as Comparison['value'], found)).toBe(expected);
  });

  it.each([
    ['equals', 'Pro', 'pRO', true],
    ['equals', 1, 1, true],
    ['equals', '1', 1, false],
    ['in', ['STRASSE', 'É'], 'é', true],
    ['contains', 'B', 'abc', true],
    ['startsWith', ['AB'], 'abc', true],
    ['endsWith', '.COM', 'a.com', true],
    ['matches', '^É[A-C]$', 'éb', true],
    ['matches', '\\D', '1', false],
  ] as const)('%s %j of %j ignoring case is %s', (op, value, found, expected) => {
    expect(compare(op, value as Comparison['value'], found, true)).toBe(expected);
  });

  it('are false for a missing attribute, and `not` applies after that', () => {
    for (const [op, value] of [
      ['equals', 'x'],
      ['in', ['x']],
      ['contains', ''],
      ['matches', ''],
      ['atMost', 1],
      ['before', '2026-01-01T00:00:00Z'],
      ['semverAtMost', '1.2.3'],
      ['inNetwork', '0.0.0.0/0'],
      ['exists', undefined],
    ] as const) {
      const condition = { attribute: 'a', op, ...(value !== undefined && { value }) } as Condition;
      for (const context of [{}, { a: undefined }, { a: null }]) {
        expect(meets(condition, context), op).toBe(false);
        expect(meets({ not: condition }, context), op).toBe(true);
      }
    }
  });

  it.each([
    ['lessThan', [true, false, false]],
    ['atMost', [true, true, false]],
    ['greaterThan', [false, false, true]],
    ['atLeast', [false, true, true]],
    ['before', [true, false, false]],
    ['after', [false, false, true]],
    ['semverEquals', [false, true, false]],
    ['semverLessThan', [true, false, false]],
    ['semverAtMost', [true, true, false]],
    ['semverGreaterThan', [false, false, true]],
    ['semverAtLeast', [false, true, true]],
  ] as const)('%s holds below, at and above its operand: %j', (op, expected) => {
    const scale = op.startsWith('semver')
      ? ['1.9.9', '2.0.0', '2.0.1']
      : op === 'before' || op === 'after'
        ? ['2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z', '2026-01-03T00:00:00Z']
        : [9, 10, 11];
    expect(scale.map((found) => compare(op, scale[1], found))).toEqual(expected);
  });

  it('hold for a list when they hold for one of its elements', () => {
    expect(compare('equals', 'b', ['a', 'b'])).toBe(true);
    expect(compare('equals', 'b', ['a', ['b']])).toBe(false);
    expect(compare('atLeast', 5, [1, null, 7])).toBe(true);
    expect(compare('contains', 'x', [])).toBe(false);
  });

  it('do not hold for values of other kinds', () => {
    for (const found of [{}, () => 'x', Symbol('x'), 10n, new Map(), /x/]) {
      for (const [op, value] of [
        ['equals', 'x'],
        ['contains', ''],
        ['matches', ''],
        ['atLeast', -1],
        ['after', '1970-01-01T00:00:00Z'],
        ['semverAtLeast', '0.0.0'],
        ['inNetwork', '0.0.0.0/0'],
      ] as const) {
        expect(compare(op, value, found), `${op} ${typeof found}`).toBe(false);
      }
      expect(compare('exists', undefined, found)).toBe(true);
    }
  });

  it('look at no text that is longer than 2,048, except for equality', () => {
    const long = 'x'.repeat(2049);
    expect(compare('contains', 'x', long.slice(1))).toBe(true);
    expect(compare('contains', 'x', long)).toBe(false);
    expect(compare('matches', 'x', long)).toBe(false);
    expect(compare('equals', long, long)).toBe(true);
  });
});

describe('conditions', () => {
  const yes: Condition = { attribute: 'a', op: 'exists' };
  const no: Condition = { attribute: 'b', op: 'exists' };
  it.each([
    [{ all: [] }, true],
    [{ any: [] }, false],
    [{ all: [yes, yes] }, true],
    [{ all: [yes, no] }, false],
    [{ any: [no, yes] }, true],
    [{ any: [no, no] }, false],
    [{ not: yes }, false],
    [{ not: { not: yes } }, true],
    [{ not: { all: [yes, { any: [no, { not: no }] }] } }, false],
    [{ any: [{ all: [yes, no] }, { all: [yes, { not: no }] }] }, true],
    [{ all: [{ any: [no, { all: [] }] }, { not: { any: [] } }] }, true],
  ] as [Condition, boolean][])('%j is %s', (condition, expected) => {
    expect(meets(condition, { a: 1 })).toBe(expected);
  });

  it('reads a dotted name as a property first, then as a path into nested objects', () => {
    const condition: Condition = { attribute: 'user.plan', op: 'equals', value: 'pro' };
    expect(meets(condition, { user: { plan: 'pro' } })).toBe(true);
    expect(meets(condition, { 'user.plan': 'pro', user: { plan: 'free' } })).toBe(true);
    expect(meets(condition, { 'user.plan': 'free', user: { plan: 'pro' } })).toBe(false);
    expect(meets(condition, { user: 'pro' })).toBe(false);
    expect(meets({ attribute: 'user.constructor.name', op: 'exists' }, { user: {} })).toBe(false);
    expect(meets({ attribute: 'a.b.c', op: 'equals', value: 1 }, { a: { b: { c: 1 } } })).toBe(true);
  });

  it('F66 reads getters and class instances at every level by one rule', () => {
    class Plan {
      readonly #name: string;
      constructor(name: string) {
        this.#name = name;
      }
      get name(): string {
        return this.#name;
      }
    }
    class User {
      get plan(): Plan {
        return new Plan('pro');
      }
    }
    expect(meets({ attribute: 'plan.name', op: 'equals', value: 'pro' }, new User())).toBe(true);
    expect(meets({ attribute: 'user.plan.name', op: 'equals', value: 'pro' }, { user: new User() })).toBe(true);
    expect(meets({ attribute: 'user.plan.name', op: 'equals', value: 'free' }, { user: new User() })).toBe(false);
    const inherited = Object.create({ plan: 'pro' }) as object;
    expect(meets({ attribute: 'user.plan', op: 'equals', value: 'pro' }, { user: inherited })).toBe(true);
    // What Object.prototype holds is not there, unless an object has it itself.
    for (const attribute of [
      'user.constructor',
      'user.constructor.name',
      'user.__proto__',
      'user.toString',
      'user.__proto__.plan',
    ])
      expect(meets({ attribute, op: 'exists' }, { user: new User() }), attribute).toBe(false);
    expect(meets({ attribute: 'user.constructor', op: 'equals', value: 'x' }, { user: { constructor: 'x' } })).toBe(
      true,
    );
  });

  it('F66 does not reach into lists by a path', () => {
    for (const attribute of ['tags.0', 'tags.length', 'user.tags.0', 'tags.0.name'])
      expect(meets({ attribute, op: 'exists' }, { tags: [{ name: 'a' }], user: { tags: ['a'] } }), attribute).toBe(
        false,
      );
    expect(meets({ attribute: 'tags', op: 'equals', value: 'a' }, { tags: ['a'] })).toBe(true);
    expect(meets({ attribute: 'tags.0', op: 'equals', value: 'a' }, { 'tags.0': 'a' })).toBe(true);
  });

  it('F22 never meets a prototype', () => {
    for (const attribute of [
      'constructor',
      'toString',
      '__proto__',
      'hasOwnProperty',
      '__proto__.polluted',
      'constructor.name',
    ]) {
      expect(meets({ attribute, op: 'exists' }, {}), attribute).toBe(false);
      expect(meets({ attribute, op: 'exists' }, Object.create(null) as object), attribute).toBe(false);
    }
    expect(meets({ attribute: 'constructor', op: 'equals', value: 'x' }, { constructor: 'x' })).toBe(true);
    expect(meets({ attribute: '__proto__', op: 'equals', value: 'x' }, JSON.parse('{"__proto__":"x"}') as object)).toBe(
      true,
    );
  });

  it('takes what a class of the caller gives its instances', () => {
    class Visitor {
      get country(): string {
        return 'DE';
      }
    }
    expect(meets({ attribute: 'country', op: 'equals', value: 'DE' }, new Visitor())).toBe(true);
  });

  it('knows the targeting key by its resolved text', () => {
    const condition: Condition = { attribute: 'targetingKey', op: 'in', value: ['u1', 7] };
    expect(meets(condition, { userId: 'u1' })).toBe(true);
    expect(meets(condition, { targetingKey: 'u2', userId: 'u1' })).toBe(false);
    expect(meets(condition, { targetingKey: '', userId: 'u1' })).toBe(true);
    expect(meets(condition, { targetingKey: 7 })).toBe(true);
    expect(meets(condition, { userId: '7' })).toBe(true);
    expect(meets(condition, {})).toBe(false);
  });

  it('reads more attributes than there are fast lines for', () => {
    const names = Array.from({ length: 30 }, (_, index) => `attribute${index}`);
    const condition: Condition = { all: names.map((attribute, value) => ({ attribute, op: 'equals', value })) };
    expect(meets(condition, Object.fromEntries(names.map((name, index) => [name, index])))).toBe(true);
    expect(meets(condition, Object.fromEntries(names.map((name, index) => [name, index === 29 ? -1 : index])))).toBe(
      false,
    );
  });
});

describe('segments', () => {
  const segments = {
    staff: { include: ['u1', 7], exclude: ['u2'], when: { attribute: 'email', op: 'endsWith', value: '@example.com' } },
    germans: { when: { attribute: 'country', op: 'equals', value: 'DE' } },
    both: { when: { all: [{ segment: 'staff' }, { segment: 'germans' }] } },
    nobody: {},
  } as const;
  it.each([
    ['staff', { userId: 'u1' }, true],
    ['staff', { userId: 7 }, true],
    ['staff', { userId: 'u3' }, false],
    ['staff', { userId: 'u3', email: 'x@example.com' }, true],
    ['staff', { userId: 'u2', email: 'x@example.com' }, false],
    ['staff', { email: 'x@example.com' }, true],
    ['staff', {}, false],
    ['both', { userId: 'u1', country: 'DE' }, true],
    ['both', { userId: 'u1', country: 'AT' }, false],
    ['nobody', { userId: 'u1' }, false],
  ])('%s and %j: %s', (segment, context, expected) => {
    expect(meets({ segment }, context, segments)).toBe(expected);
    expect(meets({ not: { segment } }, context, segments)).toBe(!expected);
  });

  it('are stronger in excluding than in including', () => {
    expect(meets({ segment: 's' }, { userId: 'u' }, { s: { include: ['u'], exclude: ['u'] } })).toBe(false);
  });

  it('that share segments at every level are asked once each', () => {
    let reads = 0;
    const context = {
      get country(): string {
        reads++;
        return 'AT';
      },
    };
    const segments: Record<string, Segment> = Object.fromEntries(
      Array.from({ length: 31 }, (_, index): [string, Segment] => [
        `s${index}`,
        {
          when:
            index === 30
              ? { attribute: 'country', op: 'equals', value: 'DE' }
              : { any: [{ segment: `s${index + 1}` }, { segment: `s${index + 1}` }] },
        } as const,
      ]),
    );
    expect(meets({ segment: 's0' }, context, segments)).toBe(false);
    expect(reads).toBe(1);
  });
});
