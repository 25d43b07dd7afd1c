import { decodeDocument, type FlagDefinition, type FlagDocument, type Segment } from '@clarity/flags-core/document';
import { describe, expect, it } from 'vitest';
import { diff } from '../../src/index.ts';

const AT_MS = Date.parse('2026-12-04T10:00:00Z');
type Flags = Readonly<Record<string, FlagDefinition>>;
const document = (flags: Flags, rest: Partial<FlagDocument> = {}): FlagDocument => ({
  schemaVersion: 1,
  flags,
  ...rest,
});
const between = (before: Flags, after: Flags) => diff(document(before), document(after), AT_MS);
const on: FlagDefinition = { status: 'enabled' };
const off: FlagDefinition = { status: 'disabled' };

describe('two documents', () => {
  it('that mean the same do not differ, however they are written', () => {
    const text = '{"schemaVersion":1,"flags":{"b":{"status":"canary","rolloutPercentage":5},"a":{"status":"enabled"}}}';
    const other = `{"flags": {"a":{"status":"enabled"},\n "b":{"rolloutPercentage":5,"status":"canary"}}, "schemaVersion":1}`;
    const [before, after] = [decodeDocument(text), decodeDocument(other)];
    if (!before.ok || !after.ok) throw new Error('both are sound');
    expect(diff(before.document, after.document, AT_MS)).toEqual([]);
  });

  it('differ in flags that come, go and change, in the order of the documents', () => {
    const [before, after] = [
      { a: on, changed: { status: 'canary', rolloutPercentage: 5 }, z: on },
      { z: on, new: { status: 'beta', betaUsers: ['u'] }, changed: { status: 'canary', rolloutPercentage: 7 }, a: on },
    ] as const;
    expect(between(before, after)).toEqual([
      { of: 'flag', key: 'changed', change: 'changed', words: ['was 5 % of users; becomes 7 % of users'] },
      { of: 'flag', key: 'new', change: 'added', words: ['on for 1 tester; off else'] },
    ]);
  });

  it('tell what should be asked about first', () => {
    const told = between(
      { a: { status: 'canary', rolloutPercentage: 5 }, b: on },
      { a: { status: 'canary', rolloutPercentage: 6 } },
    );
    expect(told.map(({ key, change }) => [key, change])).toEqual([
      ['b', 'removed'],
      ['a', 'changed'],
    ]);
  });

  it('know flags by names that every object has', () => {
    const after = Object.fromEntries([
      ['constructor', on],
      ['__proto__', on],
    ]);
    expect(between({}, after).map(({ key, change }) => [key, change])).toEqual([
      ['constructor', 'added'],
      ['__proto__', 'added'],
    ]);
  });

  it('differ in the environment that they are meant for', () => {
    const of = (before?: string, after?: string) =>
      diff(
        document({}, before === undefined ? {} : { environment: before }),
        document({}, after === undefined ? {} : { environment: after }),
        AT_MS,
      );
    expect(of('staging', 'production')).toEqual([
      { of: 'environment', key: 'production', change: 'changed', words: ['was "staging"; becomes "production"'] },
    ]);
    expect(of(undefined, 'production')).toEqual([
      { of: 'environment', key: 'production', change: 'added', words: ['becomes "production"'] },
    ]);
    expect(of('staging')).toEqual([{ of: 'environment', key: 'staging', change: 'removed', words: ['was "staging"'] }]);
    expect(of('staging', 'staging')).toEqual([]);
  });
});

describe('a flag that cannot be read', () => {
  const problem = { path: '$.flags.x', found: 'a', allowed: 'b', message: 'unknown word' };
  const aside = (flagKey: string) => ({ setAside: [{ flagKey, problem }] });

  it('vanishes like any other', () => {
    expect(diff(document({}, aside('x')), document({}), AT_MS)).toEqual([
      {
        of: 'flag',
        key: 'x',
        change: 'removed',
        words: ['was nothing that can be read (unknown word)'],
        question: { reason: 'vanishes', text: 'vanishes: code that asks for it gets its fallback' },
      },
    ]);
  });

  it('comes, and turns from and into one that can', () => {
    expect(diff(document({}), document({}, aside('x')), AT_MS)).toMatchObject([{ change: 'added' }]);
    expect(diff(document({}, aside('x')), document({ x: on }), AT_MS)).toEqual([
      {
        of: 'flag',
        key: 'x',
        change: 'changed',
        words: ['was nothing that can be read (unknown word); becomes on for everybody'],
      },
    ]);
    expect(diff(document({ x: on }), document({}, aside('x')), AT_MS)).toMatchObject([
      { words: ['was on for everybody; becomes nothing that can be read (unknown word)'] },
    ]);
    expect(diff(document({}, aside('x')), document({}, aside('x')), AT_MS)).toEqual([]);
  });
});

describe('a question', () => {
  const question = (before: FlagDefinition, after: FlagDefinition) => between({ x: before }, { x: after })[0]?.question;
  const canary = (rolloutPercentage: number): FlagDefinition => ({ status: 'canary', rolloutPercentage });
  const beta: FlagDefinition = { status: 'beta', betaUsers: ['u1'] };
  const colour = (fallthrough: 'red' | 'blue', enabled = true): FlagDefinition => ({
    type: 'string',
    enabled,
    variants: { red: 'r', blue: 'b' },
    fallthrough,
  });
  const rule = (serve: 'on' | 'off', fallthrough: 'on' | 'off'): FlagDefinition => ({
    type: 'boolean',
    rules: [{ when: { attribute: 'a', op: 'exists' }, serve }],
    fallthrough,
  });
  const scheduled = (onAt: string, offAt = '2027-01-01T00:00:00Z'): FlagDefinition => ({
    ...on,
    schedule: { onAt, offAt },
  });
  const needing: FlagDefinition = {
    type: 'boolean',
    prerequisites: [{ flag: 'y', variants: ['on'] }],
    fallthrough: 'on',
  };

  const ranged = (to: number, more: object = {}): FlagDefinition => ({
    type: 'boolean',
    fallthrough: {
      kind: 'split',
      variants: [{ variant: 'on', ranges: to === 0 ? [] : [[0, to]] }],
      otherwise: 'off',
      ...more,
    },
  });
  const one = { experiment: { id: 'one', phase: 1 } };
  const gate = (to: number, fallthrough: 'on' | 'off'): FlagDefinition => ({
    type: 'boolean',
    rules: [
      {
        when: { attribute: 'a', op: 'exists' },
        serve: { kind: 'split', variants: [{ variant: 'on', ranges: to === 0 ? [] : [[0, to]] }], gaps: 'continue' },
      },
    ],
    fallthrough,
  });

  it('is there when a flag vanishes, and not when one comes', () => {
    expect(between({ x: on }, {})[0]?.question?.reason).toBe('vanishes');
    expect(between({}, { x: on })[0]).not.toHaveProperty('question');
  });

  it('is there when a type changes, in its own words', () => {
    expect(question(on, colour('red'))).toEqual({
      reason: 'type',
      text: 'becomes a string flag, was a boolean one: code that asks for a boolean gets its fallback',
    });
    expect(question(colour('red'), { type: 'number', variants: { one: 1 }, fallthrough: 'one' })?.reason).toBe('type');
    expect(question({ type: 'boolean', fallthrough: 'on' }, { ...on, description: 'new' })).toBeUndefined();
  });

  it.each<[string, FlagDefinition, FlagDefinition, string]>([
    ['enabled to disabled', on, off, 'turns off for everybody'],
    ['disabled to enabled', off, on, 'turns on for everybody'],
    ['a share to all', canary(25), on, 'turns on for everybody'],
    ['a share to every user', canary(25), canary(100), 'turns on for everybody'],
    ['a share to nobody', canary(25), canary(0), 'turns off for everybody'],
    ['a share to testers', canary(25), beta, 'turns off for everybody'],
    ['all to testers', on, beta, 'turns off for everybody'],
    ['testers to all', beta, on, 'turns on for everybody'],
    ['a rule to all', rule('on', 'off'), on, 'turns on for everybody'],
    ['a rule to one that says the same', rule('on', 'off'), rule('on', 'on'), 'turns on for everybody'],
    ['all to a fallback', on, { type: 'boolean', fallthrough: null }, 'serves the fallback to everybody'],
    ['a schedule that has not begun', on, scheduled('2026-12-05T00:00:00Z'), 'turns off for everybody'],
    [
      'a schedule that is over',
      on,
      scheduled('2026-11-01T00:00:00Z', '2026-12-04T10:00:00Z'),
      'turns off for everybody',
    ],
    ['a schedule that begins now', off, scheduled('2026-12-04T10:00:00Z'), 'turns on for everybody'],
    ['a prerequisite to none', needing, { type: 'boolean', fallthrough: 'on' }, 'turns on for everybody'],
    ['ranges of some to ranges of all', ranged(5), ranged(100_000), 'turns on for everybody'],
    ['an experiment of some to one of all', ranged(5, one), ranged(100_000, one), 'turns on for everybody'],
    ['ranges of all to those of nobody', ranged(100_000), ranged(0), 'turns off for everybody'],
    ['gaps that go on to off to gaps that go on to on', gate(5, 'off'), gate(5, 'on'), 'turns on for everybody'],
    ['gaps that go on to a share of nobody', gate(5, 'off'), gate(0, 'off'), 'turns off for everybody'],
    ['values to none', colour('red'), colour('red', false), 'turns off for everybody'],
    ['no values to some', colour('red', false), colour('red'), 'turns on for everybody'],
  ])('is there from %s', (_, before, after, text) => {
    expect(question(before, after)).toEqual({ reason: 'everybody', text });
  });

  it.each<[string, FlagDefinition, FlagDefinition]>([
    ['a share to another', canary(25), canary(50)],
    ['an experiment to one of all whom a holdout lets in', ranged(5, one), ranged(100_000, { ...one, holdout: 'h' })],
    ['an experiment to one of all in its slot', ranged(5, one), ranged(100_000, { ...one, layer: 'l' })],
    ['gaps that go on to a rule for all', gate(5, 'off'), gate(100_000, 'off')],
    ['all to a share', on, canary(99)],
    ['nobody to a share', off, canary(1)],
    ['a description', on, { ...on, description: 'new' }],
    ['testers to other testers', beta, { status: 'beta', betaUsers: ['u1', 'u2'] }],
    ['no users to testers', canary(0), beta],
    ['all to a rule', on, rule('off', 'on')],
    ['one value to another', colour('red'), colour('blue')],
    ['a schedule that goes on', on, scheduled('2026-12-01T00:00:00Z')],
    ['a prerequisite', on, needing],
  ])('is not there from %s', (_, before, after) => {
    expect(question(before, after)).toBeUndefined();
  });
});

describe('a segment', () => {
  const between = (before: Segment | undefined, after: Segment | undefined, flags: Flags = {}) =>
    diff(
      document(flags, { segments: before === undefined ? {} : { staff: before } }),
      document(flags, { segments: after === undefined ? {} : { staff: after } }),
      AT_MS,
    );
  const when = { attribute: 'plan', op: 'equals', value: 'pro' } as const;

  it('comes and goes with what is in it', () => {
    expect(between(undefined, { when, include: ['a', 'b'], exclude: ['c'] })).toEqual([
      {
        of: 'segment',
        key: 'staff',
        change: 'added',
        words: ['where plan is pro; 2 keys included; 1 key excluded'],
      },
    ]);
    expect(between({}, undefined)).toEqual([{ of: 'segment', key: 'staff', change: 'removed', words: ['was nobody'] }]);
    expect(diff(document({}), document({}, { segments: {} }), AT_MS)).toEqual([]);
  });

  it.each<[Segment, Segment, string]>([
    [{ when }, { when: { not: when } }, 'was where plan is pro; becomes where plan is not pro'],
    [{}, { when }, 'was no condition; becomes where plan is pro'],
    [{ when }, {}, 'was where plan is pro; becomes no condition'],
    [{ include: ['a'] }, { include: ['b', 'c'] }, '2 keys more included, 1 key fewer included'],
    [{ exclude: ['a', 'b'] }, {}, '2 keys fewer excluded'],
    [{}, { description: 'x' }, 'the description changes'],
    [{ include: ['a', 'b'] }, { include: ['b', 'a'] }, 'changes in what its words do not show'],
  ])('from %j to %j', (before, after, words) => {
    const [difference] = between(before, after);
    expect(difference?.words.slice(0, -1).join(', ')).toBe(words);
    expect(difference?.words.at(-1)).toBe('reaches no flag');
    expect(difference).not.toHaveProperty('question');
  });

  it('says which flags its change reaches, by other segments as well', () => {
    const uses = (segment: string): FlagDefinition => ({
      type: 'boolean',
      rules: [{ when: { all: [{ any: [{ not: { segment } }] }] }, serve: 'on' }],
      fallthrough: 'off',
    });
    const reach = (flags: Flags): string | undefined => {
      const outer = { outer: { when: { segment: 'inner' } }, inner: { when: { segment: 'staff' } } };
      const of = (staff: Segment) => document(flags, { segments: { ...outer, other: {}, staff } });
      return diff(of({}), of({ when }), AT_MS)[0]?.words.at(-1);
    };
    expect(reach({ a: uses('staff'), b: uses('other'), c: uses('outer'), d: on })).toBe('reaches a and c');
    expect(reach({ b: uses('other'), d: on })).toBe('reaches no flag');
    const many = Object.fromEntries(['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((key) => [key, uses('staff')]));
    expect(reach(many)).toBe('reaches a, b, c, d, e and 2 others');
  });
});
