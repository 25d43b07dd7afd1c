import { describe, expect, it } from 'vitest';
import { redisAncestors, redisServerNoted } from '../src/meta.ts';

const revision = { epoch: 1_796_000_000_000, version: 3 };
const ID = '0e6b4a3c-0000-4000-8000-000000000000';
const META = { id: ID, server: 'a1b2', base: '1795000000000.2', recent: ['1795000000000.2', '1794000000000.1', '0.0'] };

const read = (meta: unknown, id: unknown = ID) =>
  redisAncestors(id, typeof meta === 'string' ? meta : JSON.stringify(meta), revision);

describe('F90 what is noted beside a document', () => {
  it('names the publications that it stands on, newest first', () => {
    expect(read(META)).toEqual([
      { epoch: 1_795_000_000_000, version: 2 },
      { epoch: 1_794_000_000_000, version: 1 },
      { epoch: 0, version: 0 },
    ]);
    expect(read({ ...META, recent: [] })).toEqual([]);
  });

  it('names the server, where its publisher could tell', () => {
    expect(redisServerNoted(ID, JSON.stringify(META))).toBe('a1b2');
    for (const server of ['', 7, {}, undefined]) {
      expect(redisServerNoted(ID, JSON.stringify({ ...META, server }))).toBeUndefined();
    }
    expect(redisServerNoted('another', JSON.stringify(META))).toBeUndefined();
  });

  it('counts for nothing beside another publication: a publisher that does not know it left it behind', () => {
    expect(read(META, 'another')).toBeUndefined();
    expect(read(META, null)).toBeUndefined();
    expect(read({ ...META, id: undefined }, undefined)).toBeUndefined();
  });

  it('counts for nothing where the document is older than what it is said to stand on: a hand put that back', () => {
    expect(read({ ...META, recent: ['1796000000000.3'] })).toBeUndefined();
    expect(read({ ...META, recent: ['1796000000000.4'] })).toBeUndefined();
  });

  it.each([
    ['no text', 7],
    ['no JSON', '{'],
    ['null', 'null'],
    ['a list', '[]'],
    ['without a list', { ...META, recent: 'all' }],
    ['with numbers in the list', { ...META, recent: [1.2] }],
    ['with half a revision', { ...META, recent: ['1'] }],
    ['with too much of one', { ...META, recent: ['1.2.3'] }],
    ['with a revision that is not one', { ...META, recent: ['1e3.0x1'] }],
    ['F54 with numbers beyond 2^53', { ...META, recent: ['9007199254740993.1'] }],
    ['with more than anybody writes', { ...META, recent: Array.from({ length: 65 }, () => '1.1') }],
    ['a flood', JSON.stringify({ ...META, flood: 'x'.repeat(9_000) })],
    ['with prototype keys only', `{"__proto__":${JSON.stringify(META)}}`],
  ])('counts for nothing when it is %s', (_, meta) => {
    expect(read(meta)).toBeUndefined();
  });
});
