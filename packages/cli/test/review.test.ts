// Whatever is wrong with a document is told with its place, and with what to type instead.
import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { review } from '../src/review/review.ts';
import type { Broken } from './broken.ts';
import { BROKEN, DOUBTFUL } from './broken-documents.ts';
import { FINE } from './broken-experiments.ts';
import { cli, file } from './cli-run.ts';

const NOW = Date.parse('2026-11-30T00:00:00Z');

/** The document, and the place that its mark shows. */
function unmarked({ text }: Broken): { readonly body: string; readonly place: object } {
  const before = text.slice(0, text.indexOf('¦')).split('\n');
  return { body: text.replace('¦', ''), place: { line: before.length, column: before.at(-1)!.length + 1 } };
}

it('knows more than 60 kinds of slips', () => {
  expect(BROKEN.length + DOUBTFUL.length).toBeGreaterThan(100);
  expect(new Set([...BROKEN, ...DOUBTFUL].map(({ slip }) => slip)).size).toBe(BROKEN.length + DOUBTFUL.length);
});

it.each(BROKEN.map((broken) => [broken.slip, broken] as const))('refuses %s, and says what to type', (_, broken) => {
  const { body, place } = unmarked(broken);
  const { problems, warnings, kind } = review(body, NOW);
  expect(problems).toMatchObject([{ ...place, message: expect.stringContaining(broken.told) }]);
  // Nothing that is so only until the slip is mended.
  expect(warnings).toEqual([]);
  expect(kind).toBeDefined();
});

it.each(DOUBTFUL.map((broken) => [broken.slip, broken] as const))('warns of %s', (_, broken) => {
  const { body, place } = unmarked(broken);
  expect(review(body, NOW)).toMatchObject({
    problems: [],
    warnings: [{ ...place, message: expect.stringContaining(broken.told) }],
  });
});

it.each(FINE)('says nothing of what is fine: %s', (text) => {
  expect(review(text, NOW)).toMatchObject({ problems: [], warnings: [] });
});

it('follows a slip to what it leaves unused, and warns of nothing that is used in its place', () => {
  const split = { kind: 'split', variants: [{ variant: 'on', ranges: [] }], otherwise: 'off' };
  const document = (part: object, rest: object): string =>
    JSON.stringify({
      schemaVersion: 1,
      flags: { a: { type: 'boolean', fallthrough: { ...split, ...part } } },
      ...rest,
    });
  const layers = { pages: { slots: { one: [[0, 5]] } } };
  expect(review(document({ layr: 'pages' }, { layers }), NOW).warnings).toEqual([]);
  expect(review(document({ of: '5' }, { layers }), NOW).warnings).toMatchObject([{ path: '$.layers.pages' }]);
});

it('counts flags and segments, and warns of each place by its own path', () => {
  const nobody = { when: { any: [] }, serve: 'on' };
  const flag = { type: 'boolean', rules: [nobody, nobody], fallthrough: 'off' };
  const segments = { staff: { when: { all: [] } }, testers: {} };
  const { problems, warnings, ...counts } = review(
    JSON.stringify({ schemaVersion: 1, flags: { a: flag, b: flag }, segments }),
    NOW,
  );
  expect([problems, counts]).toMatchObject([[], { flags: 2, segments: 2 }]);
  expect(warnings.map(({ path }) => path)).toEqual([
    '$.flags.a.rules[0].when.any',
    '$.flags.a.rules[1].when.any',
    '$.flags.b.rules[0].when.any',
    '$.flags.b.rules[1].when.any',
    '$.segments.staff',
    '$.segments.staff.when.all',
    '$.segments.testers',
  ]);
});

describe('what a document holds of people', () => {
  const secret = 'anna@example.com';
  it.each([
    ['a user', { status: 'beta', betaUsers: secret }],
    ['a key of a target', { type: 'boolean', targets: [{ variant: 'on', keys: secret }], fallthrough: 'off' }],
    [
      'a value of a condition',
      {
        type: 'boolean',
        rules: [{ when: { attribute: 'email', op: 'in', value: secret }, serve: 'on' }],
        fallthrough: 'off',
      },
    ],
    ['a value of a variant', { type: 'number', variants: { status: secret }, fallthrough: null }],
    ['a description', { status: 'enabled', description: [secret] }],
    ['metadata', { status: 'enabled', metadata: secret }],
    ['an unknown member', { status: 'enabled', owner: secret }],
  ])('is not shown: %s', async (_, flag) => {
    const path = await file('personal.json', { schemaVersion: 1, flags: { a: flag } });
    for (const format of ['text', 'json']) {
      const { code, out, err } = await cli(['validate', path, '--format', format]);
      expect(code).toBe(1);
      expect(out + err).not.toContain(secret);
    }
  });
});

describe('validate', () => {
  it('says that a file with a typo is invalid, where, and what was meant', async () => {
    const path = await file('typo.json', '{\n  "schemaVersion": 1,\n  "flags": { "a": { "status": "enabeld" } }\n}\n');
    const text = await cli(['validate', path], { terminal: true });
    expect(text.code).toBe(1);
    expect(text.out).toContain(`${path}:3:31 $.flags.a.status: found "enabeld"`);
    expect(text.out).toContain('did you mean "enabled"?');
    expect(text.out).toContain(`${path} is invalid: 1 problem`);
    expect(JSON.parse((await cli(['validate', path])).out)).toMatchObject({
      valid: false,
      document: path,
      kind: 'set-aside',
      flags: 1,
      problemCount: 1,
      problems: [
        { path: '$.flags.a.status', line: 3, column: 31, found: '"enabeld"', advice: 'did you mean "enabled"?' },
      ],
    });
  });

  it('counts every problem, and shows the first', async () => {
    const flags = Object.fromEntries(Array.from({ length: 1_500 }, (_, at) => [`f${at}`, { status: 'x' }]));
    const path = await file('many.json', { schemaVersion: 1, flags });
    const { out } = await cli(['validate', path], { terminal: true });
    expect(out).toContain('is invalid: 1500 problems');
    expect(out).toContain('and 1450 more problems');
    expect(JSON.parse((await cli(['validate', path])).out)).toMatchObject({
      problemCount: 1_500,
      problems: { length: 1_000 },
    });
  });

  it.each([
    ['UTF-16 with its mark', Buffer.from('\uFEFF{"schemaVersion":1}', 'utf16le'), 'iconv -f UTF-16'],
    ['Latin-1', Buffer.from('{"schemaVersion":1,"environment":"Z\u00FCrich"}', 'latin1'), 'save it as UTF-8'],
  ])('takes %s for a bad document', async (_, bytes, told) => {
    const path = await file('bytes.json', '');
    await writeFile(path, bytes);
    const { code, out, err } = await cli(['validate', path]);
    expect([code, err]).toEqual([1, '']);
    expect(JSON.parse(out)).toMatchObject({ valid: false, problems: [{ message: expect.stringContaining(told) }] });
  });

  it('names the file as it was given', async () => {
    const path = await file('typo.json', '{}');
    expect(JSON.parse((await cli(['validate', `file:${path}`])).out)).toMatchObject({ document: `file:${path}` });
  });

  it('points behind a byte-order mark, into lines of Windows, and at the second of two equal names', async () => {
    const text = '\uFEFF{\r\n"schemaVersion": 1,\r\n"flags": {"a": {"status": "x"}, "a": {"status": "y"}}}';
    expect(review(text, NOW).problems).toMatchObject([
      { line: 3, column: 33, path: '$.flags.a' },
      { line: 3, column: 49, path: '$.flags.a.status', found: '"y"' },
    ]);
  });

  it('looks at a document of 1 MB, and at one that nests very deeply', () => {
    const flags = Object.fromEntries(
      Array.from({ length: 10_000 }, (_, at) => [`flag_${at}`, { status: 'enabled', description: 'x'.repeat(50) }]),
    );
    expect(review(JSON.stringify({ schemaVersion: 1, flags }), NOW)).toMatchObject({ problems: [], flags: 10_000 });
    const depth = 100_000;
    const deep = `{"schemaVersion":1,"flags":{"a":{"status":"enabled","metadata":{"x":${'['.repeat(depth)}${']'.repeat(depth)}}}}}`;
    expect(review(deep, NOW).problems).toMatchObject([
      { path: expect.any(String), advice: expect.stringContaining('brackets') },
    ]);
  });
});
