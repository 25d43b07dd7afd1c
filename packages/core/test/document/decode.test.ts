import { describe, expect, it } from 'vitest';
import { decodeDocument, type DecodeResult } from '../../src/document/decode.ts';
import { DEFAULT_MAX_BYTES } from '../../src/document/is-larger.ts';
import type { FlagDocument } from '../../src/document/types.ts';

const SMALL = { schemaVersion: 1, flags: { checkout: { status: 'enabled' } } };

function accepted(result: DecodeResult): FlagDocument {
  if (!result.ok) throw new Error(result.problems.map((problem) => problem.message).join('\n'));
  return result.document;
}

/** The paths of all problems of a refused document. */
function paths(document: unknown): string[] {
  const result = decodeDocument(JSON.stringify(document));
  return result.ok ? [] : result.problems.map((problem) => problem.path);
}

/** The only problem of a refused document, in one line. */
function message(document: unknown): string {
  const result = decodeDocument(typeof document === 'string' ? document : JSON.stringify(document));
  if (result.ok) return 'accepted';
  expect(result.problems).toHaveLength(1);
  return result.problems[0]!.message;
}

const withFlag = (flag: unknown, more: object = {}): unknown => ({
  schemaVersion: 1,
  flags: { checkout: flag },
  ...more,
});
const withRule = (when: unknown, more: object = {}): unknown =>
  withFlag({ type: 'boolean', rules: [{ when, serve: 'on' }], fallthrough: 'off' }, more);

describe('a sound document', () => {
  it('is decoded with its environment, flags and segments', () => {
    const document = accepted(
      decodeDocument(
        JSON.stringify({
          $schema: 'x',
          schemaVersion: 1,
          environment: 'production',
          flags: SMALL.flags,
          segments: { staff: {} },
        }),
      ),
    );
    expect(document).toMatchObject({
      schemaVersion: 1,
      environment: 'production',
      flags: SMALL.flags,
      segments: { staff: {} },
    });
  });

  it('may hold members that are not known, which are left out', () => {
    const document = accepted(decodeDocument(JSON.stringify({ ...SMALL, layers: { a: 1 } })));
    expect(Object.keys(document).toSorted()).toEqual(['flags', 'schemaVersion', 'segments', 'setAside']);
  });

  it('F23 may begin with a byte-order mark', () => {
    expect(decodeDocument(`\ufeff${JSON.stringify(SMALL)}`).ok).toBe(true);
  });

  it('F23 holds the last of several members with one name', () => {
    const document = accepted(
      decodeDocument(
        '{"schemaVersion":1,"flags":{"a":{"status":"enabled"},"a":{"status":"enabled","status":"disabled"}}}',
      ),
    );
    expect(document.flags['a']).toEqual({ status: 'disabled' });
  });

  it('F23 keeps lone surrogates in keys and values as they are', () => {
    const document = accepted(
      decodeDocument('{"schemaVersion":1,"flags":{"\\ud800":{"status":"beta","betaUsers":["\\udfff"]}}}'),
    );
    expect(document.flags['\ud800']).toEqual({ status: 'beta', betaUsers: ['\udfff'] });
  });

  it('F22 may have flags, variants and segments named like members of prototypes', () => {
    const document = accepted(
      decodeDocument(
        '{"schemaVersion":1,"flags":{"__proto__":{"status":"enabled"},"constructor":{"type":"string","variants":{"__proto__":"a","toString":"b"},"fallthrough":"__proto__"}},"segments":{"hasOwnProperty":{}}}',
      ),
    );
    expect(Object.getPrototypeOf(document.flags)).toBeNull();
    expect(Object.getPrototypeOf(document.segments)).toBeNull();
    expect(Object.keys(document.flags)).toEqual(['__proto__', 'constructor']);
    expect(({} as { status?: string }).status).toBeUndefined();
    expect(document.flags['toString']).toBeUndefined();
  });

  it('F22 finds no variant in a prototype', () => {
    expect(message(withFlag({ type: 'boolean', fallthrough: 'constructor' }))).toBe(
      '$.flags.checkout.fallthrough: found text of 11 characters, allowed: a variant of this flag',
    );
  });
});

describe('a text that is no whole document', () => {
  it.each([
    ['nothing', ''],
    ['white space', ' \n'],
    ['an HTML page', '<!doctype html><title>Sign in</title>'],
    ['plain words', 'Service Unavailable'],
    ['a word that begins like JSON', 'not found'],
    ['a number and words', '503 Service Unavailable'],
  ])('F18 is no document when it is %s', (_, text) => {
    expect(decodeDocument(text)).toMatchObject({ ok: false, kind: 'not-a-document' });
  });

  it('F16 is no document wherever a sound one is cut', () => {
    const text = JSON.stringify(
      {
        schemaVersion: 1,
        flags: {
          'a"\\\u00e9\ud83d\ude00': {
            status: 'canary',
            rolloutPercentage: 12.5e-1,
            metadata: { list: [true, false, null, -0.5, '\n', {}] },
          },
        },
      },
      undefined,
      1,
    );
    for (let length = 0; length < text.length; length++) {
      expect(decodeDocument(text.slice(0, length)), text.slice(0, length)).toMatchObject({
        ok: false,
        kind: 'not-a-document',
      });
    }
    expect(decodeDocument(text).ok).toBe(true);
  });

  it.each([
    ['{"schemaVersion":1,,}', 'line 1, column 20: found ","'],
    ['{\n  "flags": {\n    "a": { status: "enabled" }\n  }\n}', 'line 3, column 12: found a word or number, 6 long'],
    ['{"a":1}{"b":2}', 'line 1, column 8: found "{"'],
    ['{"a":"x\ny"}', 'line 1, column 6: found text in quotes'],
    ["{'a':1}", 'line 1, column 2: found "\'"'],
    ['{"a":[1,2}}', 'line 1, column 10: found "}"'],
    ['{"a":1 "b":2}', 'line 1, column 8: found text in quotes'],
    ['{"a":.5}', 'line 1, column 6: found "."'],
    ['{"a":nul}', 'line 1, column 6: found a word or number, 3 long'],
    ['[1,]', 'line 1, column 4: found "]"'],
    ['{"a":"\\x"}', 'line 1, column 6: found text in quotes'],
  ])('F15 is invalid when it goes wrong in the middle: %s', (text, place) => {
    const result = decodeDocument(text);
    expect(result).toMatchObject({ ok: false, kind: 'invalid' });
    expect(message(text).startsWith(place), message(text)).toBe(true);
  });

  it.each(['null', 'true', '"text"', '42', '[]'])('is invalid when it is whole JSON of another kind: %s', (text) => {
    expect(decodeDocument(text)).toMatchObject({ ok: false, kind: 'invalid', problems: [{ path: '$' }] });
  });

  it('is too large above the limit in bytes of UTF-8, and not at it', () => {
    const text = JSON.stringify({ ...SMALL, environment: 'ü€😀' });
    const bytes = new TextEncoder().encode(text).length;
    expect(decodeDocument(text, { maxBytes: bytes }).ok).toBe(true);
    expect(decodeDocument(text, { maxBytes: bytes - 1 })).toMatchObject({ ok: false, kind: 'too-large' });
  });

  it('F19 is too large above 4 MiB unless another limit is given', () => {
    const text = JSON.stringify({ ...SMALL, environment: 'x'.repeat(10_000_000) });
    expect(decodeDocument(text)).toMatchObject({
      ok: false,
      kind: 'too-large',
      problems: [{ allowed: `${DEFAULT_MAX_BYTES} bytes of UTF-8` }],
    });
    expect(decodeDocument(text, { maxBytes: 20_000_000 }).ok).toBe(true);
  });

  it('F14 is empty without a flag, unless that is allowed', () => {
    const text = JSON.stringify({ schemaVersion: 1, flags: {} });
    expect(decodeDocument(text)).toMatchObject({ ok: false, kind: 'empty', problems: [{ path: '$.flags' }] });
    expect(decodeDocument(text, { allowEmpty: true }).ok).toBe(true);
  });

  it.each([
    ['lists', '['.repeat(100_000) + ']'.repeat(100_000)],
    ['objects', '{"a":'.repeat(100_000) + '1' + '}'.repeat(100_000)],
    [
      'metadata',
      `{"schemaVersion":1,"flags":{"a":{"status":"enabled","metadata":${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}}}}`,
    ],
    [
      'a variant',
      `{"schemaVersion":1,"flags":{"a":{"type":"object","variants":{"x":${'['.repeat(100_000)}1${']'.repeat(100_000)}},"fallthrough":"x"}}}`,
    ],
    [
      'conditions',
      `{"schemaVersion":1,"flags":{"a":{"type":"boolean","rules":[{"serve":"on","when":${'{"not":'.repeat(100_000)}{"segment":"s"}${'}'.repeat(100_000)}}],"fallthrough":"off"}},"segments":{"s":{}}}`,
    ],
    ['an open end', '['.repeat(100_000)],
  ])('F21 nested 100,000 deep is refused cleanly: %s', (_, text) => {
    const result = decodeDocument(text);
    expect(result.ok).toBe(false);
    expect(result.ok ? '' : result.problems[0]!.message.length).toBeLessThan(1000);
  });

  it('F21 nested deeply in a member that is not known is no trouble', () => {
    const text = `{"schemaVersion":1,"flags":{"a":{"status":"enabled"}},"later":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
    expect(decodeDocument(text).ok).toBe(true);
  });
});

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

describe('a flag that a newer version wrote', () => {
  const other = { status: 'enabled' };
  it.each([
    [
      'an operator',
      {
        type: 'boolean',
        rules: [{ when: { attribute: 'a', op: 'soundsLike', value: { x: 1 }, locale: 'de' }, serve: 'on' }],
        fallthrough: 'off',
      },
      '.rules[0].when.op',
    ],
    [
      'a kind of condition',
      { type: 'boolean', rules: [{ when: { most: [] }, serve: 'on' }], fallthrough: 'off' },
      '.rules[0].when',
    ],
    ['a status', { status: 'preview' }, '.status'],
    ['a way to serve', { type: 'boolean', fallthrough: { kind: 'bandit', arms: [] } }, '.fallthrough.kind'],
    [
      'a hash',
      { type: 'boolean', fallthrough: { kind: 'split', hash: 'xxh3', variants: [{ variant: 'on', weight: 1 }] } },
      '.fallthrough.hash',
    ],
    [
      'a curve',
      { type: 'boolean', fallthrough: { kind: 'ramp', variant: 'on', otherwise: 'off', curve: 'smooth', points: [] } },
      '.fallthrough.curve',
    ],
    ['a type', { type: 'duration', variants: { a: 'PT1S' }, fallthrough: 'a' }, '.type'],
    ['a member', { status: 'enabled', experiment: {} }, '.experiment'],
    [
      'a member of a rule',
      { type: 'boolean', rules: [{ when: { all: [] }, serve: 'on', until: 1 }], fallthrough: 'off' },
      '.rules[0].until',
    ],
  ])('F57 is set aside for %s, and the rest is used', (_, flag, path) => {
    const result = decodeDocument(JSON.stringify({ schemaVersion: 1, flags: { flag, other } }));
    expect(result).toMatchObject({
      ok: true,
      setAside: [{ flagKey: 'flag', problem: { path: `$.flags.flag${path}` } }],
    });
    expect(Object.keys(accepted(result).flags)).toEqual(['other']);
    expect(accepted(result).setAside).toHaveLength(1);
  });

  it('F57 is set aside when it uses a segment that is, directly or through others', () => {
    const flag = (segment: string): unknown => ({
      type: 'boolean',
      rules: [{ when: { segment }, serve: 'on' }],
      fallthrough: 'off',
    });
    const result = decodeDocument(
      JSON.stringify({
        schemaVersion: 1,
        flags: { direct: flag('new'), through: flag('outer'), other: flag('sound') },
        segments: {
          outer: { when: { segment: 'middle' } },
          middle: { when: { not: { segment: 'new' } } },
          new: { when: { attribute: 'a', op: 'near' } },
          sound: {},
        },
      }),
    );
    expect(result.ok && result.setAside.map(({ flagKey, problem }) => [flagKey, problem.path]).toSorted()).toEqual([
      ['direct', '$.segments.new.when.op'],
      ['through', '$.segments.new.when.op'],
    ]);
  });

  it('does not refuse those that wait for it, even for variants that cannot be seen here', () => {
    const result = decodeDocument(
      JSON.stringify({
        schemaVersion: 1,
        flags: {
          flag: { type: 'enum', options: ['x'], fallthrough: 'x' },
          waiting: { type: 'boolean', prerequisites: [{ flag: 'flag', variants: ['x'] }], fallthrough: 'on' },
        },
      }),
    );
    expect(result).toMatchObject({ ok: true, setAside: [{ flagKey: 'flag' }] });
  });

  it('alone does not make a document empty', () => {
    expect(decodeDocument(JSON.stringify({ schemaVersion: 1, flags: { flag: { status: 'preview' } } })).ok).toBe(true);
  });
});

describe('references between flags and segments', () => {
  const waiting = (...flags: string[]): unknown => ({
    type: 'boolean',
    prerequisites: flags.map((flag) => ({ flag, variants: ['on'] })),
    fallthrough: 'on',
  });

  it('names the flags along a cycle of prerequisites', () => {
    expect(
      message({
        schemaVersion: 1,
        flags: { z: waiting('a'), a: waiting('b', 'd'), b: waiting('c'), c: waiting('a'), d: { status: 'enabled' } },
      }),
    ).toMatch(/^\$\.flags\.[abc]: found "(a > b > c > a|b > c > a > b|c > a > b > c)", allowed: no cycle$/);
    expect(message({ schemaVersion: 1, flags: { a: waiting('a') } })).toBe(
      '$.flags.a: found "a > a", allowed: no cycle',
    );
  });

  it('names the segments along a cycle', () => {
    expect(
      message({ ...SMALL, segments: { a: { when: { segment: 'b' } }, b: { when: { any: [{ segment: 'a' }] } } } }),
    ).toMatch(/found "(a > b > a|b > a > b)", allowed: no cycle/);
  });

  it('follows prerequisites to any depth', () => {
    const length = 20_000;
    const flags = Object.fromEntries(
      Array.from({ length }, (_, index) => [
        `f${index}`,
        index + 1 < length ? waiting(`f${index + 1}`) : { status: 'enabled' },
      ]),
    );
    expect(decodeDocument(JSON.stringify({ schemaVersion: 1, flags })).ok).toBe(true);
  });

  it('does not take flags that share prerequisites for a cycle', () => {
    const flags: Record<string, unknown> = { f0: { status: 'enabled' } };
    for (let index = 1; index < 200; index++) {
      flags[`f${index}`] = waiting(`f${index - 1}`, `f${Math.max(0, index - 2)}`);
    }
    expect(decodeDocument(JSON.stringify({ schemaVersion: 1, flags })).ok).toBe(true);
  });

  it('limits how deeply segments contain segments', () => {
    const segments = (length: number): Record<string, unknown> =>
      Object.fromEntries(
        Array.from({ length }, (_, index) => [
          `s${index}`,
          index + 1 < length ? { when: { segment: `s${index + 1}` } } : {},
        ]),
      );
    const user = { type: 'boolean', rules: [{ when: { segment: 's0' }, serve: 'on' }], fallthrough: 'off' };
    expect(paths({ schemaVersion: 1, flags: { user }, segments: segments(32) })).toEqual([]);
    expect(paths({ schemaVersion: 1, flags: { user }, segments: segments(33) })).toEqual(['$.segments.s0']);
  });

  it('refuses prerequisites on flags or variants that are not there', () => {
    expect(message({ schemaVersion: 1, flags: { a: waiting('nobody') } })).toBe(
      '$.flags.a.prerequisites[0].flag: found "nobody", allowed: the key of a flag in this document',
    );
    expect(
      message({
        schemaVersion: 1,
        flags: {
          a: { type: 'boolean', prerequisites: [{ flag: 'b', variants: ['on', 'blue'] }], fallthrough: 'on' },
          b: { status: 'enabled' },
        },
      }),
    ).toBe('$.flags.a.prerequisites[0]: found text of 4 characters, allowed: variants of b');
  });

  it('limits what all searches of a document may cost', () => {
    const rule = (value: string): unknown => ({ when: { attribute: 'a', op: 'contains', value }, serve: 'on' });
    const flag = (rules: unknown[]): unknown => withFlag({ type: 'boolean', rules, fallthrough: 'off' });
    expect(paths(flag(Array.from({ length: 49 }, () => rule('x'.repeat(1000)))))).toEqual([]);
    expect(paths(flag(Array.from({ length: 60 }, () => rule('x'.repeat(1000)))))).toEqual(['$']);
  });
});
