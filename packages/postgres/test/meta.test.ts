import { describe, expect, it } from 'vitest';
import { metaText, notedBeside } from '../src/meta.ts';

const revision = { epoch: 1_000, version: 40 };
const before = {
  server: '7.00000001',
  recent: [{ epoch: 900, version: 39 }],
  later: { writer: 'eu', auditSeq: 3, auditHash: null },
};
const text = metaText({ id: 'b', server: '7.00000002', base: { epoch: 950, version: 40 }, before });

describe('what is noted beside a publication', () => {
  it('is read as it was written, and carries over what has no use yet', () => {
    expect(notedBeside('b', text, { epoch: 1_000, version: 41 })).toEqual({
      server: '7.00000002',
      recent: [
        { epoch: 950, version: 40 },
        { epoch: 900, version: 39 },
      ],
      later: before.later,
    });
    expect(JSON.parse(text)).toMatchObject({ id: 'b', base: '950.40' });
  });

  it('says of the first publication that nothing was there before it', () => {
    const first = metaText({ id: 'a', server: '', base: undefined, before: undefined });
    expect(JSON.parse(first)).toMatchObject({ base: null, recent: ['0.0'], writer: null, auditSeq: null });
  });

  it('names the last 32 publications, and stays below what is parsed', () => {
    let noted = before as ReturnType<typeof notedBeside>;
    let meta = '';
    const largest = Number.MAX_SAFE_INTEGER;
    for (let n = 100; n > 0; n -= 1) {
      meta = metaText({
        id: 'x'.repeat(36),
        server: 's'.repeat(40),
        base: { epoch: largest - n, version: largest },
        before: noted,
      });
      noted = notedBeside('x'.repeat(36), meta, { epoch: largest, version: 1 });
    }
    expect(noted?.recent).toHaveLength(32);
    expect(meta.length).toBeLessThan(1_500);
  });

  it.each([
    ['another id', 'a', text],
    ['no id', null, text],
    ['nothing', 'b', null],
    ['a text that is no JSON', 'b', '{'],
    ['no object', 'b', '"b"'],
    ['F54 an ancestor beyond 2^53', 'b', text.replace('"900.39"', '"900.9007199254740993"')],
    ['ancestors that are none', 'b', text.replace('"900.39"', '"900"')],
    ['ancestors of no list', 'b', JSON.stringify({ id: 'b', server: '', recent: {} })],
    [
      'too many ancestors',
      'b',
      JSON.stringify({ id: 'b', server: '', recent: Array.from({ length: 65 }, () => '1.1') }),
    ],
    ['a flood', 'b', JSON.stringify({ id: 'b', server: 'x'.repeat(9_000), recent: [] })],
  ])('is not believed with %s', (_, id, meta) => {
    expect(notedBeside(id, meta, { epoch: 1_000, version: 41 })).toBeUndefined();
  });

  it('is not believed where what it stands on is no older: it was left behind', () => {
    expect(notedBeside('b', text, { epoch: 950, version: 40 })).toBeUndefined();
    expect(notedBeside('b', text, revision)).toBeDefined();
  });
});
