import { describe, expect, it } from 'vitest';
import { decodeDocument } from '../../src/document/decode.ts';
import { Inspection } from '../../src/document/inspection.ts';
import { compilePattern } from '../../src/document/pattern.ts';
import { checkFlag } from '../../src/document/structure.ts';
import { message, paths, SMALL, withFlag, withRule } from './decoded.ts';

describe('a complaint', () => {
  it('says where, what was found, and what is allowed', () => {
    expect(decodeDocument(JSON.stringify(withFlag({ status: 'canary', rolloutPercentage: 101 })))).toEqual({
      ok: false,
      kind: 'invalid',
      problems: [
        {
          path: '$.flags.checkout.rolloutPercentage',
          found: '101',
          allowed: 'a number from 0 to 100',
          message: '$.flags.checkout.rolloutPercentage: found 101, allowed: a number from 0 to 100',
        },
      ],
    });
  });

  it.each([
    [withFlag({ status: 5 }), '$.flags.checkout.status: found 5, allowed: enabled, disabled, beta, canary'],
    [withFlag({}), '$.flags.checkout.status: found nothing, allowed: enabled, disabled, beta, canary'],
    [
      withFlag('enabled'),
      '$.flags.checkout: found text of 7 characters, allowed: an object with description, metadata, clientVisible, salt, schedule, status, rolloutPercentage, betaUsers',
    ],
    [
      withFlag({ status: 'beta', betaUsers: ['a', 1.5] }),
      '$.flags.checkout.betaUsers[1]: found a number, allowed: text or an integer',
    ],
    [
      withFlag({ status: 'beta', betaUsers: 'a' }),
      '$.flags.checkout.betaUsers: found text of 1 character, allowed: a list',
    ],
    [withFlag({ type: 'string', fallthrough: null }), '$.flags.checkout.variants: found nothing, allowed: an object'],
    [
      withFlag({ type: 'string', variants: { a: 1 }, fallthrough: 'a' }),
      '$.flags.checkout.variants.a: found a number, allowed: text',
    ],
    [
      withFlag({ type: 'number', variants: { a: 1 }, fallthrough: 'b' }),
      '$.flags.checkout.fallthrough: found text of 1 character, allowed: a variant of this flag',
    ],
    [withFlag({ type: 'boolean' }), '$.flags.checkout.fallthrough: found nothing, allowed: a variant of this flag'],
    [
      withFlag({ type: 'boolean', fallthrough: 'on', offVariant: 'no' }),
      '$.flags.checkout.offVariant: found text of 2 characters, allowed: a variant of this flag',
    ],
    [
      withFlag({ type: 'boolean', fallthrough: 'on', targets: [{ variant: 'x', keys: [] }] }),
      '$.flags.checkout.targets[0].variant: found text of 1 character, allowed: a variant of this flag',
    ],
    [
      withFlag({ type: 'boolean', fallthrough: { kind: 'split', variants: [{ variant: 'on', weight: 0 }] } }),
      '$.flags.checkout.fallthrough.variants: found a list of 1, allowed: at least one weight above 0',
    ],
    [
      withFlag({
        type: 'boolean',
        fallthrough: {
          kind: 'split',
          variants: [
            { variant: 'on', weight: -1 },
            { variant: 'off', weight: 2 },
          ],
        },
      }),
      '$.flags.checkout.fallthrough.variants[0].weight: found -1, allowed: a number from 0',
    ],
    [
      withRule({ attribute: 'plan', op: 'equals' }),
      '$.flags.checkout.rules[0].when.value: found nothing, allowed: text, a number, true or false',
    ],
    [
      withRule({ attribute: 'plan', op: 7 }),
      '$.flags.checkout.rules[0].when.op: found 7, allowed: exists, equals, in, contains, startsWith, endsWith, matches, lessThan, atMost, greaterThan, atLeast, before, after, semverEquals, semverLessThan, semverAtMost, semverGreaterThan, semverAtLeast, inNetwork',
    ],
    [
      withRule({ attribute: '', op: 'exists' }),
      '$.flags.checkout.rules[0].when.attribute: found empty text, allowed: text that is not empty',
    ],
    [
      withRule({ attribute: 'v', op: 'semverAtLeast', value: '1.2' }),
      '$.flags.checkout.rules[0].when.value: found text of 3 characters, allowed: a version like 1.2.3',
    ],
    [
      withRule({ attribute: 't', op: 'before', value: '2026-02-30T00:00:00Z' }),
      '$.flags.checkout.rules[0].when.value: found text of 20 characters, allowed: an instant like 2026-11-30T09:00:00Z',
    ],
    [
      withRule({ attribute: 't', op: 'before', value: '2026-02-03T00:00:00' }),
      '$.flags.checkout.rules[0].when.value: found text of 19 characters, allowed: an instant like 2026-11-30T09:00:00Z',
    ],
    [
      withRule({ attribute: 'ip', op: 'inNetwork', value: ['10.0.0.0/8', '10.0.0.0/33'] }),
      '$.flags.checkout.rules[0].when.value[1]: found text of 11 characters, allowed: a network like 10.0.0.0/8',
    ],
    [
      withRule({ all: [{ any: [{ not: 1 }] }] }),
      '$.flags.checkout.rules[0].when.all[0].any[0].not: found a number, allowed: a condition',
    ],
    [
      withRule({ segment: 'staff' }),
      '$.flags.checkout.rules[0].when.segment: found "staff", allowed: the name of a segment in this document',
    ],
    [
      withRule({ segment: 'constructor' }),
      '$.flags.checkout.rules[0].when.segment: found "constructor", allowed: the name of a segment in this document',
    ],
    [{ schemaVersion: 2, flags: SMALL.flags }, '$.schemaVersion: found 2, allowed: 1'],
    [{ schemaVersion: 1 }, '$.flags: found nothing, allowed: an object'],
    [{ ...SMALL, environment: 1 }, '$.environment: found a number, allowed: text'],
    [
      { ...SMALL, flags: { ...SMALL.flags, '': { status: 'enabled' } } },
      '$.flags[""]: found an object, allowed: a name that is not empty',
    ],
    [{ ...SMALL, segments: [] }, '$.segments: found a list of 0, allowed: an object'],
    [{ ...SMALL, layers: null }, '$.layers: found null, allowed: an object'],
    [{ ...SMALL, holdouts: null }, '$.holdouts: found null, allowed: an object'],
    [{ ...SMALL, segments: { staff: { include: {} } } }, '$.segments.staff.include: found an object, allowed: a list'],
  ])('is exact: %j', (document, expected) => {
    expect(message(document)).toBe(expected);
  });

  it.each([
    ['a text that is no JSON', 'hunter2-secret'],
    ['a text in quotes', '"hunter2-secret"'],
    ['a list', '["hunter2-secret"]'],
    ['words behind a document', '{} hunter2-secret'],
    ['a text that never ends', '{"password": "hunter2-secret'],
    ['a document of something else', '{"password":"hunter2-secret"}'],
    ['flags of something else', { schemaVersion: 1, flags: { password: 'hunter2-secret' } }],
    ['a user in place of a list', withFlag({ status: 'beta', betaUsers: 'anna@example.com' })],
    ['a user in a list of a list', withFlag({ status: 'beta', betaUsers: [['anna@example.com']] })],
    ['the number of a user', withFlag({ status: 'beta', betaUsers: 4_917_012_345 })],
    [
      'a key of a target',
      withFlag({ type: 'boolean', fallthrough: 'on', targets: [{ variant: 'on', keys: 'anna@example.com' }] }),
    ],
    ['a member of a segment', { ...SMALL, segments: { staff: { include: 'anna@example.com' } } }],
    ['a value to compare with', withRule({ attribute: 'email', op: 'atLeast', value: 'anna@example.com' })],
    [
      'a value in place of a variant',
      withFlag({ type: 'string', variants: { a: 'x' }, fallthrough: 'hunter2-secret' }),
    ],
    ['an address in place of a word', withFlag({ status: 'anna@example.com' })],
    ['an address in place of a version', { ...SMALL, schemaVersion: 'anna@example.com' }],
  ])('does not repeat what a source holds: %s', (_, given) => {
    const text = typeof given === 'string' ? given : JSON.stringify(given);
    const result = decodeDocument(text, { allowEmpty: true });
    const told = JSON.stringify(result.ok ? result.setAside : result.problems);
    expect(told).toContain('found');
    expect(told).not.toMatch(/hunter2|anna|4917012345/);
  });

  it('repeats words, percentages and names of other flags, which are what one looks for', () => {
    expect(message(withFlag({ status: 'beta', rolloutPercentage: 250 }))).toContain('found 250,');
    expect(
      message(withFlag({ type: 'boolean', fallthrough: 'on', prerequisites: [{ flag: 'chekout', variants: [] }] })),
    ).toContain('found "chekout",');
    expect(decodeDocument(JSON.stringify(withFlag({ status: 'preview' })))).toMatchObject({
      setAside: [{ problem: { found: '"preview"' } }],
    });
  });

  it('quotes names that are no plain words, and does not repeat what it found', () => {
    const long = 'x'.repeat(500);
    const result = decodeDocument(
      JSON.stringify({
        schemaVersion: 1,
        flags: {
          'a b': { status: 'enabled', description: [long] },
          [long]: { status: 'enabled', salt: { long }, clientVisible: long },
        },
      }),
    );
    expect(result.ok ? [] : result.problems.map((problem) => problem.path)).toEqual([
      '$.flags["a b"].description',
      `$.flags["${'x'.repeat(49)}…"].salt`,
      `$.flags["${'x'.repeat(49)}…"].clientVisible`,
    ]);
    expect(result.ok ? '' : result.problems.at(-1)!.found).toBe('text of 500 characters');
  });

  it('lists at most 20 problems', () => {
    const flags = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`f${index}`, { status: index }]));
    expect(paths({ schemaVersion: 1, flags })).toHaveLength(20);
  });

  it('makes no text for the mistakes beyond those, of which a list may hold a million', () => {
    const betaUsers = Array.from({ length: 1_000 }, () => null);
    const at = new Inspection({ flags: {}, segments: {} });
    checkFlag({ status: 'beta', betaUsers }, at);
    expect(at.problems).toHaveLength(1_000);
    expect(new Set(at.problems).size).toBe(21);
    const result = decodeDocument(JSON.stringify(withFlag({ status: 'beta', betaUsers })));
    expect(result.ok ? [] : result.problems.map(({ path }) => path)).toEqual(
      Array.from({ length: 20 }, (_, index) => `$.flags.checkout.betaUsers[${index}]`),
    );
  });

  it('limits what all searches of a flag may cost: one for a character, ten for a step of a pattern', () => {
    const needles = (length: number) => ({
      attribute: 'a',
      op: 'contains',
      value: ['x'.repeat(49_000), 'x'.repeat(length - 49_000)],
    });
    expect(message(withRule(needles(50_000)))).toBe('accepted');
    expect(message(withRule(needles(50_001)))).toBe(
      '$.flags.checkout: found contains and matches that cost more, allowed: at most 50000 in one entry',
    );
    const { cost } = compilePattern('a');
    const patterns = (count: number) => ({
      any: Array.from({ length: count }, () => ({ attribute: 'a', op: 'matches', value: 'a' })),
    });
    expect(message(withRule(patterns(5_000 / cost)))).toBe('accepted');
    expect(paths(withRule(patterns(5_000 / cost + 1)))).toEqual(['$.flags.checkout']);
  });

  it('names the order of instants and percentages that a ramp needs', () => {
    const ramp = (points: unknown, pauses: unknown = []): unknown =>
      withFlag({
        type: 'boolean',
        fallthrough: { kind: 'ramp', variant: 'on', otherwise: 'off', curve: 'linear', points, pauses },
      });
    const first = { at: '2026-01-01T00:00:00Z', percentage: 10 };
    const second = { at: '2026-01-02T00:00:00+01:00', percentage: 20 };
    expect(paths(ramp([first, second]))).toEqual([]);
    expect(paths(ramp([second, first]))).toEqual(['$.flags.checkout.fallthrough.points']);
    expect(paths(ramp([{ ...first, percentage: 30 }, second]))).toEqual(['$.flags.checkout.fallthrough.points']);
    expect(paths(ramp([first, first]))).toEqual(['$.flags.checkout.fallthrough.points']);
    expect(paths(ramp([]))).toEqual(['$.flags.checkout.fallthrough.points']);
    expect(paths(ramp([first], [{ from: first.at, until: second.at }, { from: '2026-02-01T00:00:00Z' }]))).toEqual([]);
    expect(paths(ramp([first], [{ from: first.at }, { from: second.at }]))).toEqual([
      '$.flags.checkout.fallthrough.pauses',
    ]);
    expect(paths(ramp([first], [{ from: second.at, until: first.at }]))).toEqual([
      '$.flags.checkout.fallthrough.pauses',
    ]);
  });

  it('names a schedule that ends before it begins', () => {
    expect(
      paths(withFlag({ status: 'enabled', schedule: { onAt: '2026-01-02T00:00:00Z', offAt: '2026-01-01T00:00:00Z' } })),
    ).toEqual(['$.flags.checkout.schedule']);
    expect(
      paths(withFlag({ status: 'enabled', schedule: { onAt: '2026-01-01T00:00:00Z', offAt: '2026-01-02T00:00:00Z' } })),
    ).toEqual([]);
  });

  it('holds no more of the document than the value that is wrong', () => {
    const text = message(withFlag({ status: 'beta', betaUsers: ['someone@example.com', {}] }));
    expect(text).not.toContain('someone');
  });
});
