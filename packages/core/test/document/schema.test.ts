import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { decodeDocument } from '../../src/document/decode.ts';
import { FORMS } from '../../src/document/structure.ts';
import {
  CURVES,
  DEALINGS,
  FLAG_TYPES,
  GAPS,
  HASHES,
  OPERATORS,
  STATUSES,
  TEXT_OPERATORS,
} from '../../src/document/words.ts';
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
const BEYOND_THE_SCHEMA = new RegExp(
  [
    'a (variant of this flag|(flag|segment|layer|holdout) in this document)',
    'variants of',
    'no cycle',
    'levels of segments',
    'nesting up to',
    'in all$',
    'linear-time subset',
    'a network like',
    'an instant like',
    'offAt after onAt',
    'each later than',
    'one after the other',
    'the number of buckets$',
    'buckets that no other range has',
    'a (layer|holdout) with another salt than',
    'an experiment with a slot in layer',
    'the unit of layer',
  ].join('|'),
);

type Table = Readonly<Record<string, unknown>>;
const isTable = (value: unknown): value is Table =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A segment, layer or holdout that is set aside shows by the flags that use it, so each is used. */
function useEntries(root: unknown): unknown {
  const { flags, segments, layers, holdouts } = root as Table;
  if (!isTable(flags)) return root;
  const use = (kind: string, name: string, flag: object): void => {
    if (name !== '') Object.assign(flags, { [`uses ${kind} ${name}`]: { type: 'boolean', ...flag } });
  };
  const split = {
    kind: 'split',
    variants: [{ variant: 'on', ranges: [[0, 1]] }],
    otherwise: 'off',
    salt: 'of its own',
  };
  if (isTable(segments))
    for (const segment of Object.keys(segments))
      use('segment', segment, { rules: [{ when: { segment }, serve: 'on' }], fallthrough: 'off' });
  if (isTable(layers)) {
    for (const [layer, given] of Object.entries(layers)) {
      const { by, slots } = isTable(given) ? given : {};
      const id = (isTable(slots) && Object.keys(slots)[0]) || 'none';
      use('layer', layer, {
        fallthrough: { ...split, experiment: { id, phase: 1 }, layer, ...(by !== undefined && { by }) },
      });
    }
  }
  if (isTable(holdouts))
    for (const holdout of Object.keys(holdouts))
      use('holdout', holdout, { fallthrough: { ...split, experiment: { id: 'x', phase: 1 }, holdout } });
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
        const text = JSON.stringify(useEntries(document));
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

  interface Part {
    readonly $ref?: string;
    readonly description?: string;
    readonly enum?: readonly string[];
    readonly const?: string;
  }
  interface Definition extends Part {
    readonly required?: readonly string[];
    readonly properties?: Readonly<Record<string, Part>>;
    readonly allOf?: readonly unknown[];
  }
  const { $defs } = schema as { readonly $defs: Readonly<Record<string, Definition>> };
  const followed = ({ $ref, ...part }: Part): Part => ({ ...$defs[$ref?.split('/').at(-1) ?? ''], ...part });
  const sorted = (names: Iterable<string>): readonly string[] => [...names].toSorted();

  it.each(Object.entries(FORMS))('have the same members of a %s', (name, form) => {
    const members = Object.keys(form);
    const { properties = {}, required = [] } = $defs[name] ?? {};
    expect(sorted(Object.keys(properties))).toEqual(sorted(members.map((member) => member.replace('?', ''))));
    expect(sorted(required)).toEqual(sorted(members.filter((member) => !member.endsWith('?'))));
  });

  it.each<readonly [string, string, object]>([
    ['shortFlag', 'status', STATUSES],
    ['longFlag', 'type', FLAG_TYPES],
    ['split', 'kind', { split: true }],
    ['rangedSplit', 'kind', { split: true }],
    ['ramp', 'kind', { ramp: true }],
    ...['split', 'rangedSplit', 'ramp', 'bucketing', 'layer', 'holdout'].map((name) => [name, 'hash', HASHES] as const),
    ['rangedSplit', 'gaps', GAPS],
    ['ramp', 'curve', CURVES],
    ['comparison', 'op', OPERATORS],
  ])('have the same words for %s.%s', (name, member, words) => {
    const { enum: listed, const: only } = followed($defs[name]?.properties?.[member] ?? {});
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

  it('describes every part and every member, so that editors can explain it', () => {
    const parts = Object.keys($defs).filter((name) => $defs[name]!.properties !== undefined);
    expect(parts).toEqual(expect.arrayContaining(Object.keys(FORMS)));
    const members = parts.flatMap((name) => Object.keys($defs[name]!.properties!).map((member) => `${name}.${member}`));
    const described = (path: string): boolean => {
      const [name, member] = path.split('.') as [string, string?];
      const part = member === undefined ? $defs[name]! : followed($defs[name]!.properties![member]!);
      return part.description !== undefined && part.description.length > 8;
    };
    expect([...parts, ...members].filter((path) => !described(path))).toEqual([]);
    expect(Object.values((schema as Definition).properties!).filter(({ description }) => !description)).toEqual([]);
  });
});
