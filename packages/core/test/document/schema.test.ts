import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { decodeDocument } from '../../src/document/decode.ts';
import { randomDocument } from './random-document.ts';
import { type Random, runSeed, seededRandom } from './random.ts';

const schema = JSON.parse(readFileSync(new URL('../../schema/flags.schema.json', import.meta.url), 'utf8')) as object;
const validate = new Ajv2020({
  strict: true,
  strictTypes: false,
  strictRequired: false,
  validateFormats: false,
}).compile(schema);

/** What the decoder alone can judge: what names refer to, and values that have the right form. */
const BEYOND_THE_SCHEMA =
  /a variant of this flag|a flag in this document|a segment in this document|variants of|no cycle|levels of segments|nesting up to|in all$|linear-time subset|a network like|an instant like|offAt after onAt|each later than|one after the other/;

const STRANGE: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  101,
  1.5,
  '',
  'x',
  'on',
  'segment',
  [],
  [[]],
  {},
  { kind: 'split' },
  { kind: 'new' },
  '2026-02-30T00:00:00Z',
  '1.2',
  '01.2.3',
  '10.0.0.0/33',
  { all: [] },
];
const STRANGE_NAMES = [
  'x',
  '',
  '__proto__',
  'status',
  'type',
  'variants',
  'value',
  'op',
  'kind',
  'segment',
  'until',
  'hash',
  'weight',
];

/** Changes one place of a document: another value, one member less, one more, or one twice. */
function mutate(random: Random, root: unknown): unknown {
  const places: { readonly parent: Record<string, unknown>; readonly name: string }[] = [];
  const collect = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const name of Object.keys(value)) {
      places.push({ parent: value as Record<string, unknown>, name });
      collect((value as Record<string, unknown>)[name]);
    }
  };
  collect(root);
  const { parent, name } = random.pick(places);
  const put = (at: string, value: unknown): unknown =>
    Object.defineProperty(parent, at, { value, enumerable: true, configurable: true, writable: true });
  switch (random.integer(4)) {
    case 0:
      if (Array.isArray(parent)) parent.splice(Number(name), 1);
      else delete parent[name];
      break;
    case 1:
      if (Array.isArray(parent)) parent.push(random.pick(STRANGE));
      else put(random.pick(STRANGE_NAMES), random.pick(STRANGE));
      break;
    default:
      put(name, random.pick(STRANGE));
  }
  return root;
}

/** A segment that is set aside shows by the flags that use it, so each is used. */
function useSegments(root: unknown): unknown {
  const { flags, segments } = root as { readonly flags?: unknown; readonly segments?: unknown };
  if (
    typeof flags === 'object' &&
    flags !== null &&
    !Array.isArray(flags) &&
    typeof segments === 'object' &&
    segments !== null
  ) {
    for (const segment of Object.keys(segments)) {
      if (segment !== '')
        Object.assign(flags, {
          [`uses ${segment}`]: { type: 'boolean', rules: [{ when: { segment }, serve: 'on' }], fallthrough: 'off' },
        });
    }
  }
  return root;
}

describe('the published schema and the decoder', () => {
  it('come to one verdict on the form of documents, sound ones and ones with a changed place', () => {
    const seed = runSeed();
    const counts = { sound: 0, aside: 0, refused: 0 };
    for (let round = 0; round < 4000; round++) {
      const random = seededRandom(seed + round);
      let document: unknown = JSON.parse(JSON.stringify(randomDocument(random)));
      for (let changes = random.integer(3); changes > 0; changes--) document = mutate(random, document);
      const text = JSON.stringify(useSegments(document));
      const valid = validate(JSON.parse(text));
      const result = decodeDocument(text, { allowEmpty: true });
      const about = `SEED=${seed + round} ${JSON.stringify(validate.errors?.slice(0, 3))} ${JSON.stringify(result.ok ? result.setAside : result.problems)}\n${text}`;
      if (result.ok) {
        // A word that the schema does not know sets a flag aside, and nothing else does.
        expect(valid, about).toBe(result.setAside.every(({ problem }) => BEYOND_THE_SCHEMA.test(problem.allowed)));
        counts[result.setAside.length > 0 ? 'aside' : 'sound']++;
      } else {
        counts.refused++;
        if (valid)
          expect(
            result.problems.every(({ allowed }) => BEYOND_THE_SCHEMA.test(allowed)),
            about,
          ).toBe(true);
      }
    }
    expect(
      Math.min(counts.sound, counts.aside, counts.refused),
      `SEED=${seed} ${JSON.stringify(counts)}`,
    ).toBeGreaterThan(200);
  });

  it('describes every member, so that editors can explain it', () => {
    const { $defs } = schema as {
      $defs: Record<string, { properties?: Record<string, object>; description?: string }>;
    };
    for (const name of ['shortFlag', 'longFlag', 'split', 'ramp', 'comparison', 'segment']) {
      expect($defs[name]!.description, name).toBeTypeOf('string');
    }
  });
});
