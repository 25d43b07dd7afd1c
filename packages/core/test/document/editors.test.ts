// What editors make of the published schema: the language service that they ask.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { getLanguageService, TextDocument } from 'vscode-json-languageservice';

const schema = readFileSync(new URL('../../schema/flags.schema.json', import.meta.url), 'utf8');
const address = 'https://clarity-flags.invalid/schema/flags.schema.json';
const service = getLanguageService({ schemaRequestService: () => Promise.resolve(schema) });
service.configure({ validate: true, schemas: [{ fileMatch: ['*'], uri: address }] });

function opened(text: string) {
  const document = TextDocument.create('file:///flags.json', 'json', 1, text);
  return { document, parsed: service.parseJSONDocument(document) };
}

/** What an editor offers where `|` stands, each with its description. */
async function offered(text: string): Promise<ReadonlyMap<string, unknown>> {
  const { document, parsed } = opened(text.replace('|', ''));
  const found = await service.doComplete(document, document.positionAt(text.indexOf('|')), parsed);
  return new Map(found?.items.map(({ label, documentation }) => [label, documentation]));
}

async function complaints(text: string): Promise<readonly string[]> {
  const { document, parsed } = opened(text);
  return (await service.doValidation(document, parsed)).map(({ message }) =>
    typeof message === 'string' ? message : message.value,
  );
}

const document = (flag: string): string => `{ "schemaVersion": 1, "flags": { "checkout": ${flag} } }`;
const long = (members: string): string => document(`{ "type": "boolean", ${members} }`);
const inRule = (when: string): string => long(`"rules": [{ "when": ${when}, "serve": "on" }], "fallthrough": "off"`);

const LONG = ['variants', 'offVariant', 'enabled', 'prerequisites', 'targets', 'rules', 'fallthrough'];
const DEALING = ['by', 'salt', 'hash'];
const RANGED = ['of', 'otherwise', 'gaps', 'experiment', 'layer', 'holdout'];

describe('an editor that knows the schema', () => {
  it.each<readonly [string, string, readonly string[]]>([
    ['in a document', '{ "schemaVersion": 1, | }', ['environment', 'flags', 'segments', 'layers', 'holdouts']],
    ['in an empty flag', document('{ | }'), ['status', 'type', 'rolloutPercentage', 'betaUsers', ...LONG]],
    ['in a flag of which a name is begun', document('{ "ty|" }'), ['status', 'type', ...LONG]],
    ['in a flag with only a description', document('{ "description": "why", | }'), ['status', 'type', ...LONG]],
    ['in a split that is begun', long('"fallthrough": { "kind": "split", | }'), ['variants', ...DEALING, ...RANGED]],
    ['in what deals, and is empty', long('"fallthrough": { | }'), ['kind', 'variants', 'points', 'curve', ...RANGED]],
    [
      'in a variant of a split that is begun',
      long('"fallthrough": { "kind": "split", "variants": [{ | }] }'),
      ['variant', 'weight', 'ranges'],
    ],
    [
      'in a variant that has its name',
      long('"fallthrough": { "kind": "split", "variants": [{ "variant": "on", | }] }'),
      ['weight', 'ranges'],
    ],
    ['in an experiment', long('"fallthrough": { "kind": "split", "experiment": { | } }'), ['id', 'phase']],
    [
      'in an empty condition',
      inRule('{ | }'),
      ['attribute', 'op', 'value', 'all', 'any', 'not', 'segment', 'bucket', 'flag'],
    ],
    [
      'in a condition within others',
      inRule('{ "all": [{ "not": { | } }] }'),
      ['attribute', 'all', 'any', 'not', 'segment', 'bucket', 'flag'],
    ],
    ['in a condition on buckets', inRule('{ "bucket": { | } }'), [...DEALING, 'of', 'from', 'to']],
    ['in a condition on a flag', inRule('{ "flag": "other", | }'), ['variants']],
    ['in a layer', '{ "layers": { "checkout": { | } } }', ['description', ...DEALING, 'of', 'slots']],
    ['in a holdout', '{ "holdouts": { "all": { | } } }', ['description', ...DEALING, 'percentage']],
  ])('offers every member %s, each with its description', async (_, text, wanted) => {
    const found = await offered(text);
    expect([...found.keys()]).toEqual(expect.arrayContaining([...wanted]));
    for (const name of wanted) expect(found.get(name), name).toMatch(/\w{3}/);
  });

  it.each<readonly [string, string, readonly string[], readonly string[]]>([
    ['the long form', long('|'), LONG, ['status', 'betaUsers']],
    ['the short form', document('{ "status": "canary", | }'), ['rolloutPercentage', 'betaUsers'], LONG],
    [
      'ranges',
      long('"fallthrough": { "kind": "split", "variants": [{ "variant": "on", "ranges": [[0, 5]] }], | }'),
      [...DEALING, ...RANGED],
      ['points', 'curve'],
    ],
    [
      'weights',
      long('"fallthrough": { "kind": "split", "variants": [{ "variant": "on", "weight": 5 }], | }'),
      DEALING,
      RANGED,
    ],
    [
      'a ramp',
      long('"fallthrough": { "kind": "ramp", | }'),
      ['points', 'curve', 'pauses', 'otherwise'],
      ['gaps', 'of'],
    ],
    ['a comparison', inRule('{ "attribute": "plan", | }'), ['op', 'value', 'ignoreCase'], ['all', 'bucket', 'flag']],
  ])('offers what belongs to %s, and nothing of another form', async (_, text, wanted, others) => {
    const found = [...(await offered(text)).keys()];
    expect(found).toEqual(expect.arrayContaining([...wanted]));
    expect(found.filter((name) => others.includes(name))).toEqual([]);
  });

  it.each([
    ['"type": |', '"boolean"'],
    ['"type": "boolean", "fallthrough": { "kind": |', '"split"'],
    ['"type": "boolean", "fallthrough": { "kind": |', '"ramp"'],
    ['"type": "boolean", "rules": [{ "serve": { "kind": "split", "gaps": |', '"continue"'],
    ['"status": |', '"canary"'],
  ])('offers the words at %s', async (begin, word) => {
    const found = await offered(
      document(`{ ${begin} }${begin.includes('[') ? '}] }' : begin.includes('{') ? '}' : ''}`),
    );
    expect([...found.keys()]).toContain(word);
  });

  it('complains of nothing in a document that has every word', async () => {
    const split = {
      kind: 'split',
      by: ['accountId', 'targetingKey'],
      of: 1_000,
      variants: [{ variant: 'on', ranges: [[0, 100]] }],
      otherwise: 'off',
      experiment: { id: 'one-page', phase: 1 },
      layer: 'checkout',
      holdout: 'all',
    };
    const text = JSON.stringify({
      schemaVersion: 1,
      flags: {
        checkout: {
          type: 'boolean',
          rules: [
            {
              when: { all: [{ bucket: { salt: 's', from: 0, to: 5 } }, { flag: 'old', variants: ['on'] }] },
              serve: { kind: 'split', variants: [{ variant: 'on', ranges: [[0, 5]] }], gaps: 'continue' },
            },
          ],
          fallthrough: split,
        },
        old: { status: 'enabled' },
      },
      layers: { checkout: { by: ['accountId', 'targetingKey'], slots: { 'one-page': [[0, 50_000]] } } },
      holdouts: { all: { percentage: 5 } },
    });
    expect(await complaints(text)).toEqual([]);
  });

  it.each([
    [document('{}'), 'Missing property "status".'],
    [long('"fallthrough": { "kind": "split", "of": 5, "variants": [] }'), 'Missing property "gaps".'],
    [inRule('{ "bucket": { "from": 0, "to": 5 } }'), 'Missing property "salt".'],
  ])('says what is missing in %s', async (text, message) => {
    expect(await complaints(text)).toContain(message);
  });
});
