import { expect, it } from 'vitest';
import { runSeed, sized } from '../../../../scripts/drawn-tests.ts';
import { decodeDocument } from '../../src/document/decode.ts';
import { inspectDocument } from '../../src/document/inspect-document.ts';
import { mutate } from './mutate.ts';
import { randomDocument } from './random-document.ts';
import { seededRandom } from './random.ts';

const pathsOf = (document: unknown): readonly string[] =>
  inspectDocument(JSON.stringify(document)).findings.map(({ path, kind }) => `${kind} ${path}`);

it('keeps every unknown word and every mistake of each flag', () => {
  expect(
    pathsOf({
      schemaVersion: 1,
      flags: {
        a: { status: 'enabeld', rolloutPercent: 5, salt: 7 },
        b: {
          type: 'boolean',
          fallthrough: 'onn',
          rules: [{ when: { attribute: 'x', op: 'equal', value: 1 }, serve: 'of' }],
        },
      },
    }),
  ).toEqual([
    'unknown $.flags.a.status',
    'unknown $.flags.a.rolloutPercent',
    'wrong $.flags.a.salt',
    'wrong $.flags.b.fallthrough',
    'unknown $.flags.b.rules[0].when.op',
    'wrong $.flags.b.rules[0].serve',
  ]);
});

it('keeps more mistakes than are told of a document', () => {
  const flags = Object.fromEntries(Array.from({ length: 1_000 }, (_, index) => [`f${index}`, { status: index }]));
  const { findings, result } = inspectDocument(JSON.stringify({ schemaVersion: 1, flags }));
  expect(findings).toHaveLength(1_000);
  expect(findings[999]).toMatchObject({ steps: ['flags', 'f999', 'status'], kind: 'wrong', found: '999' });
  expect(result).toMatchObject({ ok: false, problems: { length: 20 } });
});

it('knows the exact names on the way, however long they are', () => {
  const key = 'k'.repeat(80);
  const { findings } = inspectDocument(JSON.stringify({ schemaVersion: 1, flags: { [key]: { status: 1 } } }));
  expect(findings).toMatchObject([{ steps: ['flags', key, 'status'], path: `$.flags["${'k'.repeat(49)}…"].status` }]);
});

it.each([
  ['{"schemaVersion":1,"flags":{"a":{"status":"enabled"},}}', 'line 1, column 54'],
  ['[]', '$'],
  ['{"schemaVersion":1,"flags":{}}', '$.flags'],
  [
    '{"schemaVersion":1,"flags":{"a":{"type":"boolean","fallthrough":"on","targets":[{"variant":"on","keys":[12345678901234567890]}]}}}',
    '$.flags.a.targets[0].keys[0]',
  ],
])('has what ends or follows the walk, too: %s', (text, path) => {
  expect(inspectDocument(text).findings).toMatchObject([{ path }]);
});

it('agrees with the decoder about every document', () => {
  const seed = runSeed();
  for (let round = 0; round < sized(1_000, 20_000); round++) {
    const random = seededRandom(seed + round);
    const document = JSON.parse(JSON.stringify(randomDocument(random))) as object;
    if (random.chance(0.7)) mutate(random, document);
    const text = JSON.stringify(document);
    const { result, findings } = inspectDocument(text);
    expect(result).toEqual(decodeDocument(text));
    const isSound = result.ok && result.setAside.length === 0;
    // A segment, layer or holdout that no flag uses sets none aside.
    const inFlags = findings.filter(({ steps }) => steps[0] === 'flags');
    expect(isSound ? inFlags : findings.slice(0, 1), `SEED=${seed + round} ${text}`).toHaveLength(isSound ? 0 : 1);
  }
});
