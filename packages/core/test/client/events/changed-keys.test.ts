import { describe, expect, it } from 'vitest';
import { changedKeys } from '../../../src/client/events/changed-keys.ts';
import type { FlagDocument } from '../../../src/document/types.ts';

const document = (flags: object, segments?: object): FlagDocument =>
  ({ schemaVersion: 1, flags, ...(segments !== undefined && { segments }) }) as never;

const FLAG = { status: 'enabled', metadata: { owner: 'a', tags: ['x', 'y'], limits: { most: 3, none: null } } };

describe('the keys of flags that changed', () => {
  it.each([
    ['a text', { ...FLAG.metadata, owner: 'b' }],
    ['a number', { ...FLAG.metadata, limits: { most: 4, none: null } }],
    ['null and a number', { ...FLAG.metadata, limits: { most: 3, none: 0 } }],
    ['a number and its text', { ...FLAG.metadata, limits: { most: '3', none: null } }],
    ['an item of a list', { ...FLAG.metadata, tags: ['x', 'z'] }],
    ['the order of a list', { ...FLAG.metadata, tags: ['y', 'x'] }],
    ['an item more', { ...FLAG.metadata, tags: ['x', 'y', 'z'] }],
    ['a list and an object of the same names', { ...FLAG.metadata, tags: { 0: 'x', 1: 'y' } }],
    ['an entry less', { owner: 'a', tags: ['x', 'y'] }],
    ['the name of an entry', { ...FLAG.metadata, limits: { least: 3, none: null } }],
  ])('are those where the documents differ, be it in %s', (_what, metadata) => {
    const before = document({ same: FLAG, other: FLAG });
    const after = document({ same: structuredClone(FLAG), other: { ...FLAG, metadata } });
    expect(changedKeys(before, after)).toEqual(['other']);
    expect(changedKeys(after, before)).toEqual(['other']);
  });

  it('are not announced where only the order of names differs', () => {
    const { status, metadata } = FLAG;
    expect(changedKeys(document({ a: { status, metadata } }), document({ a: { metadata, status } }))).toEqual([]);
  });

  it('are sorted, and those that came and went are among them', () => {
    const before = document({ gone: FLAG, same: FLAG, changed: FLAG });
    const after = document({ same: FLAG, new: FLAG, changed: { status: 'disabled' } });
    expect(changedKeys(before, after)).toEqual(['changed', 'gone', 'new']);
  });

  it('are all when a segment differs, which any flag may use', () => {
    const flags = { b: FLAG, a: FLAG };
    expect(changedKeys(document(flags, { s: { all: [] } }), document(flags, { s: { any: [] } }))).toEqual(['a', 'b']);
    expect(changedKeys(document(flags), document(flags, { s: { any: [] } }))).toEqual(['a', 'b']);
    expect(changedKeys(document(flags, { s: { any: [] } }), document(flags, { s: { any: [] } }))).toEqual([]);
  });

  it.each(['layers', 'holdouts'])('are all when one of the %s differs', (table) => {
    const of = (part: object): FlagDocument => ({ ...document({ b: FLAG, a: FLAG }), [table]: part });
    expect(changedKeys(of({ x: { salt: 'one' } }), of({ x: { salt: 'two' } }))).toEqual(['a', 'b']);
    expect(changedKeys(of({ x: { salt: 'one' } }), of({ x: { salt: 'one' } }))).toEqual([]);
  });
});
