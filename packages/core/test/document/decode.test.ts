import { describe, expect, it } from 'vitest';
import { decodeDocument } from '../../src/document/decode.ts';
import { DEFAULT_MAX_BYTES } from '../../src/document/is-larger.ts';
import { accepted, message, SMALL, withFlag } from './decoded.ts';

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
    const document = accepted(decodeDocument(JSON.stringify({ ...SMALL, experiments: { a: 1 } })));
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

  it('F16 is no document when it is cut within a string of millions of escapes', () => {
    expect(decodeDocument(`{"flags":"${'\\n'.repeat(8_000_000)}`, { maxBytes: 100_000_000 })).toMatchObject({
      ok: false,
      kind: 'not-a-document',
    });
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
