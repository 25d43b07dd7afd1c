import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { decodeDocument } from '../../src/document/decode.ts';
import { FORMS } from '../../src/document/structure.ts';
import { CURVES, DEALINGS, FLAG_TYPES, HASHES, OPERATORS, STATUSES, TEXT_OPERATORS } from '../../src/document/words.ts';
import { mutate } from './mutate.ts';
import { randomDocument } from './random-document.ts';
import { runSeed, sized } from '../../../../scripts/drawn-tests.ts';
import { seededRandom } from './random.ts';

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
  it(
    'come to one verdict on the form of documents, sound ones and ones with a changed place',
    { timeout: sized(60_000, 600_000) },
    () => {
      const seed = runSeed();
      const counts = { sound: 0, aside: 0, refused: 0 };
      for (let round = 0; round < sized(4_000, 50_000); round++) {
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
    },
  );

  interface Definition {
    readonly description?: string;
    readonly required?: readonly string[];
    readonly properties?: Readonly<Record<string, { readonly enum?: readonly string[]; readonly const?: string }>>;
    readonly allOf?: readonly unknown[];
  }
  const { $defs } = schema as { readonly $defs: Readonly<Record<string, Definition>> };
  const sorted = (names: Iterable<string>): readonly string[] => [...names].toSorted();

  it.each(Object.entries(FORMS))('have the same members of a %s', (name, form) => {
    const members = Object.keys(form);
    const { properties = {}, required = [] } = $defs[name] ?? {};
    expect(sorted(Object.keys(properties))).toEqual(sorted(members.map((member) => member.replace('?', ''))));
    expect(sorted(required)).toEqual(sorted(members.filter((member) => !member.endsWith('?'))));
  });

  it.each([
    ['shortFlag', 'status', STATUSES],
    ['longFlag', 'type', FLAG_TYPES],
    ['split', 'kind', { split: true }],
    ['ramp', 'kind', { ramp: true }],
    ['split', 'hash', HASHES],
    ['ramp', 'hash', HASHES],
    ['ramp', 'curve', CURVES],
    ['comparison', 'op', OPERATORS],
  ])('have the same words for %s.%s', (name, member, words) => {
    const { enum: listed, const: only } = $defs[name]?.properties?.[member] ?? {};
    expect(sorted(listed ?? [only ?? 'none'])).toEqual(sorted(Object.keys(words)));
  });

  it('know the same ways of dealing', () => {
    expect(Object.keys(DEALINGS).filter((kind) => $defs[kind] === undefined)).toEqual([]);
  });

  it('let the same operators ignore the case', () => {
    const comparison = JSON.stringify($defs['comparison']?.allOf?.at(-1));
    const others = Object.keys(OPERATORS).filter((operator) => !TEXT_OPERATORS.includes(operator));
    expect(comparison).toContain(JSON.stringify(others));
  });

  it('describes every member, so that editors can explain it', () => {
    for (const name of ['shortFlag', 'longFlag', 'split', 'ramp', 'comparison', 'segment']) {
      expect($defs[name]!.description, name).toBeTypeOf('string');
    }
  });
});
