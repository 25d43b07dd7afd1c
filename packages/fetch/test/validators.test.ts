import { describe, expect, it } from 'vitest';
import { confirms, KnownValidators, validatorsOf } from '../src/validators.ts';

const ADDRESS = 'https://a.example/x';
const at = (second: number): string => new Date(Date.UTC(2026, 0, 1, 12, 0, second)).toUTCString();
const of = (headers: Record<string, string>) => validatorsOf(new Headers(headers), ADDRESS);

describe('validatorsOf', () => {
  it.each([
    ['a tag', { etag: '"a"' }, '"a"', undefined],
    ['a weak tag', { etag: 'W/"a"' }, 'W/"a"', undefined],
    ['a tag of a document at rest', { etag: '"a"', date: at(10), 'last-modified': at(8) }, '"a"', undefined],
    ['a date of a minute ago', { date: at(60), 'last-modified': at(0) }, undefined, at(0)],
    ['a bad tag and a good date', { etag: 'a', date: at(60), 'last-modified': at(0) }, undefined, at(0)],
  ])('trusts %s', (_what, headers, etag, lastModified) => {
    expect(of(headers as Record<string, string>)).toEqual({ address: ADDRESS, etag, lastModified });
  });

  it.each([
    ['nothing', {}],
    ['a tag without quotes', { etag: 'a' }],
    ['a tag with a quote inside', { etag: '"a"b"' }],
    ['a tag without end', { etag: `"${'a'.repeat(2_000)}"` }],
    ['a tag of a document that changed a second ago', { etag: '"a"', date: at(9), 'last-modified': at(8) }],
    ['a date of half a minute ago', { date: at(30), 'last-modified': at(0) }],
    ['a date that the server cannot place', { 'last-modified': at(0) }],
  ])('does not trust %s', (_what, headers) => {
    expect(of(headers as Record<string, string>)).toBeUndefined();
  });
});

describe('confirms', () => {
  const asked = { address: ADDRESS, etag: '"a"', lastModified: undefined };
  it.each([
    [{}, true],
    [{ etag: '"a"' }, true],
    [{ etag: 'W/"a"' }, true],
    [{ etag: '"b"' }, false],
  ])('a 304 with %j: %s', (headers, confirmed) => {
    expect(confirms(new Headers(headers as Record<string, string>), asked)).toBe(confirmed);
  });
});

describe('KnownValidators', () => {
  const validators = (etag: string) => ({ address: ADDRESS, etag, lastModified: undefined });

  it('keeps the last ones, and forgets on demand', () => {
    const known = new KnownValidators(2);
    known.set('a', validators('"a"'));
    known.set('b', validators('"b"'));
    known.set('a', validators('"a2"'));
    known.set('c', validators('"c"'));
    expect(['a', 'b', 'c'].map((hash) => known.get(hash)?.etag)).toEqual(['"a2"', undefined, '"c"']);
    known.set('a', undefined);
    expect(known.get('a')).toBeUndefined();
  });
});
