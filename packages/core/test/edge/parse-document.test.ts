import { describe, expect, it } from 'vitest';
import { decodeDocument } from '../../src/document/decode.ts';
import { parseDocument } from '../../src/edge/parse-document.ts';
import { createEvaluator, type Evaluator } from '../../src/evaluation/evaluator.ts';
import { mutate } from '../document/mutate.ts';
import { randomDocument } from '../document/random-document.ts';
import { type Random, runSeed, seededRandom } from '../document/random.ts';
import { fuzz } from '../evaluation/fuzz.ts';

function parsed(flags: unknown, segments: unknown = {}) {
  const result = parseDocument(JSON.stringify({ schemaVersion: 1, flags, segments }));
  if (!result.ok) throw new Error(result.problems.map(({ message }) => message).join('\n'));
  return result;
}

function evaluatorOf(flags: unknown, segments?: unknown): Evaluator {
  return createEvaluator(parsed(flags, segments).document, { now: () => 0 });
}

/** Members and words of flags in places where they do not belong, and values that no flag has. */
const WORDS =
  'status type variants targets rules when serve fallthrough all any not segment attribute op value kind points at schedule onAt prerequisites flag keys';
const VALUES = ['enabled', 'boolean', 'on', 'split', 'ramp', 'in', 'contains', 'matches', 'flag', '(((', '\ud800', ''];

function randomJson(random: Random, depth: number): unknown {
  const kind = random.integer(depth > 0 ? 10 : 6);
  if (kind < 3) return random.pick<unknown>([...VALUES, null, true, false, 0, -1, 1e308, 1.5]);
  if (kind < 6) return random.pick(VALUES);
  if (kind < 7) return random.several(3, () => randomJson(random, depth - 1));
  const table: Record<string, unknown> = {};
  for (const word of random.several(6, () => random.pick([...WORDS.split(' '), '__proto__', 'toString', 'on']))) {
    const value = randomJson(random, depth - 1);
    Object.defineProperty(table, word, { value, enumerable: true, configurable: true, writable: true });
  }
  return table;
}

describe('a document that a publisher has checked', () => {
  it('is read as the decoder that looks at every part reads it', () => {
    const seed = runSeed();
    for (let each = seed; each < seed + 500; each++) {
      const text = JSON.stringify(randomDocument(seededRandom(each)));
      const result = parseDocument(text);
      const decoded = decodeDocument(text);
      if (!result.ok || !decoded.ok) throw new Error(`SEED=${each}: refused ${text}`);
      const { environment: _, ...used } = decoded.document;
      expect(result.document, `SEED=${each}`).toEqual(used);
    }
  });

  it('harms nobody, whatever was done to it since', { timeout: 60_000 }, () => {
    const seed = runSeed();
    const draw = (random: Random): string => {
      const { flags, segments = {} } = randomDocument(random);
      const parts: Record<string, unknown> = { flags, segments };
      for (let changes = random.integer(4); changes >= 0 && Object.keys(parts).length > 0; changes--)
        mutate(random, parts);
      const tableOf = (part: unknown): object => (typeof part === 'object' && !Array.isArray(part) && part) || {};
      return JSON.stringify({
        schemaVersion: 1,
        flags: { sound: { status: 'enabled' }, ...tableOf(parts['flags']) },
        segments: tableOf(parts['segments']),
      });
    };
    expect(() => fuzz(seed, 20_000, draw, parseDocument), `SEED=${seed}`).not.toThrow();
  });

  it('harms nobody, whatever JSON stands in place of a flag', { timeout: 60_000 }, () => {
    const seed = runSeed();
    const draw = (random: Random): string => {
      const flags = Object.fromEntries(['a', 'b', 'c'].map((key) => [key, randomJson(random, 5)]));
      const segments = { flag: randomJson(random, 4), on: { when: { segment: 'flag' } } };
      return JSON.stringify({ schemaVersion: 1, flags, segments });
    };
    expect(() => fuzz(seed, 20_000, draw, parseDocument), `SEED=${seed}`).not.toThrow();
  });

  it.each([
    ['a cut one', '{"schemaVersion":1,"flags":{"a":{"status":"enabled"}', 'not-a-document'],
    ['one that was cut in a text', '{"schemaVersion":1,"flags":{"a}":{"status":"}}', 'not-a-document'],
    ['an HTML page', '<html>{}</html>', 'not-a-document'],
    ['nothing', '', 'not-a-document'],
    ['a whole text that is no JSON', '{"schemaVersion":1,,"flags":{"\\"}":{}}}', 'invalid'],
    ['another JSON', '[]', 'invalid'],
    ['null', 'null', 'invalid'],
    ['another schema version', '{"schemaVersion":2,"flags":{"a":{"status":"enabled"}}}', 'invalid'],
    ['a list of flags', '{"schemaVersion":1,"flags":[{"status":"enabled"}]}', 'invalid'],
    ['no flag', '{"schemaVersion":1,"flags":{}}', 'empty'],
    ['an outline in a prototype', '{"__proto__":{"schemaVersion":1,"flags":{"a":{"status":"enabled"}}}}', 'invalid'],
    ['quotes that never end', '{'.padEnd(200_000, '\\"'), 'not-a-document'],
  ])('is not %s', (_, text, kind) => {
    expect(parseDocument(text)).toMatchObject({ ok: false, kind, problems: [{ path: '$' }] });
  });

  it('is bounded in size', () => {
    const text = JSON.stringify({
      schemaVersion: 1,
      flags: { a: { status: 'enabled', description: 'ü'.repeat(500) } },
    });
    expect(parseDocument(text, { maxBytes: 1_000 })).toMatchObject({ ok: false, kind: 'too-large' });
    expect(parseDocument(`\uFEFF${text}`, { maxBytes: 2_000 })).toMatchObject({ ok: true });
  });

  it.each([
    ['member', { status: 'enabled', holdout: 5 }],
    ['status', { status: 'paused' }],
    ['status that is a list', { status: ['disabled'] }],
    [
      'operator',
      { type: 'boolean', rules: [{ when: { attribute: 'a', op: 'near', value: 1 }, serve: 'on' }], fallthrough: 'off' },
    ],
    ['way to serve', { type: 'boolean', fallthrough: { kind: 'bandit', variants: [{ variant: 'on', weight: 1 }] } }],
    [
      'hash',
      { type: 'boolean', fallthrough: { kind: 'split', hash: 'md5', variants: [{ variant: 'on', weight: 1 }] } },
    ],
    ['form of rules', { type: 'boolean', rules: { 0: {} }, fallthrough: 'on' }],
    [
      'form of prerequisites',
      { type: 'boolean', prerequisites: { flag: 'sound', variants: ['off'] }, fallthrough: 'on' },
    ],
    ['member that cannot be text', { status: 'enabled', holdout: { toString: 1 } }],
  ])('may hold a flag with an unknown %s, which is set aside (F57)', (_, odd) => {
    const { document, setAside } = parsed({ odd, sound: { status: 'enabled' } });
    expect(setAside).toMatchObject([{ flagKey: 'odd' }]);
    const evaluator = createEvaluator(document);
    expect(evaluator.details('odd', {}, true)).toMatchObject({
      value: true,
      reason: 'ERROR',
      errorCode: 'PARSE_ERROR',
    });
    expect(evaluator.isEnabled('sound', {}, false)).toBe(true);
  });

  it('may name anything as its users like', () => {
    const variants = { holdout: { status: 'x' }, constructor: { __proto__: 1 } };
    const { setAside, document } = parsed(
      JSON.parse(
        `{"__proto__":{"status":"enabled"},"o":{"type":"object","variants":${JSON.stringify(variants)},"fallthrough":"holdout","metadata":{"x":{"y":1}}}}`,
      ),
    );
    expect(setAside).toEqual([]);
    expect(createEvaluator(document).all({})).toMatchObject({ o: { status: 'x' } });
    expect(createEvaluator(document).isEnabled('__proto__', {}, false)).toBe(true);
    expect(createEvaluator(document).isEnabled('constructor', {}, false)).toBe(false);
  });

  const rule = (when: unknown) => ({ type: 'boolean', rules: [{ when, serve: 'on' }], fallthrough: 'off' });
  it.each<[string, unknown]>([
    ['a variant that is not there', { type: 'boolean', fallthrough: 'third' }],
    ['no fallthrough', { type: 'boolean' }],
    ['a variant that is null', { type: 'string', variants: { a: null }, fallthrough: 'a' }],
    [
      'weights of nothing',
      { type: 'boolean', fallthrough: { kind: 'split', variants: [{ variant: 'on', weight: 0 }] } },
    ],
    ['a split of nothing', { type: 'boolean', fallthrough: { kind: 'split', variants: [] } }],
    ['a day that is not there', { status: 'enabled', schedule: { onAt: '2026-02-30T00:00:00Z' } }],
    ['an empty network', rule({ attribute: 'ip', op: 'inNetwork', value: '' })],
    ['nothing to compare with', rule({ attribute: 'a', op: 'equals' })],
    ['a pattern of many steps', rule({ attribute: 'a', op: 'matches', value: '((a{99}){99}){99}' })],
    ['a segment that is not there', rule({ not: { segment: 'nowhere' } })],
    ['a segment of a prototype', rule({ not: { segment: 'constructor' } })],
    ['a segment in a circle', rule({ not: { segment: 'one' } })],
    ['a segment that is no segment', rule({ not: { segment: 'text' } })],
  ])('serves the fallback for %s', (_, flag) => {
    const evaluator = evaluatorOf(
      { flag, sound: rule({ segment: 'fine' }) },
      { one: { when: { segment: 'two' } }, two: { when: { segment: 'one' } }, text: 'text', fine: { include: ['u'] } },
    );
    for (const fallback of [true, false]) {
      expect(evaluator.details('flag', { ip: '10.0.0.1' }, fallback)).toMatchObject({
        value: fallback,
        reason: 'ERROR',
        errorCode: 'PARSE_ERROR',
      });
    }
    expect(evaluator.isEnabled('sound', { userId: 'u' }, false)).toBe(true);
  });

  it('serves the fallback for a prerequisite that is none', () => {
    const evaluator = evaluatorOf({ flag: { type: 'boolean', prerequisites: [null], fallthrough: 'on' } });
    expect(evaluator.details('flag', {}, false)).toMatchObject({ value: false, reason: 'ERROR' });
  });

  it('may nest as deep as it likes', () => {
    const deep = '{"not":'.repeat(100_000) + '{"attribute":"a","op":"exists"}' + '}'.repeat(100_000);
    const text = `{"schemaVersion":1,"flags":{"deep":{"type":"boolean","rules":[{"when":${deep},"serve":"on"}],"fallthrough":"off"}}}`;
    expect(parseDocument(text)).toMatchObject({ ok: false, kind: 'invalid' });
  });
});
