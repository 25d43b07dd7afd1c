import type { FlagDocument, LongFlag } from '@clarity/flags-core/document';
import { describe, expect, it } from 'vitest';
import { neededVersions } from '../src/index.ts';

const plain: LongFlag = { type: 'boolean', fallthrough: 'on' };
const ranges = { kind: 'split', variants: [{ variant: 'on', ranges: [[0, 1]] }], otherwise: null } as const;

function needed(flag: LongFlag, segments: NonNullable<FlagDocument['segments']> = {}): unknown {
  const document: FlagDocument = { schemaVersion: 1, flags: { old: { status: 'canary' }, flag }, segments };
  return neededVersions(document);
}
const words = (...which: string[]): unknown => [{ flagKey: 'flag', version: '0.1.0', words: which }];

describe('the version that a flag needs', () => {
  it('is none beyond the first for the words of the first', () => {
    const weights = { kind: 'split', variants: [{ variant: 'on', weight: 1 }] } as const;
    expect(needed({ ...plain, fallthrough: weights })).toEqual([]);
  });

  it('is that of its newest word', () => {
    expect(needed({ ...plain, fallthrough: ranges })).toEqual(words('ranges'));
    const experiment = {
      ...ranges,
      experiment: { id: 'one', phase: 1 },
      layer: 'checkout',
      holdout: 'all',
      by: ['a', 'b'],
    };
    expect(needed({ ...plain, rules: [{ when: { all: [] }, serve: experiment }] })).toEqual(
      words('several units', 'ranges', 'an experiment', 'a layer', 'a holdout'),
    );
  });

  it('counts what its segments ask, however deep they are', () => {
    const when = { any: [{ not: { segment: 'outer' } }] };
    const segments = {
      outer: { when: { all: [{ segment: 'inner' }, { segment: 'outer' }] } },
      inner: { when: { bucket: { salt: 's', from: 0, to: 1 } } },
      unused: { when: { flag: 'old', variants: ['on'] } },
    };
    expect(needed({ ...plain, rules: [{ when, serve: 'on' }] }, segments)).toEqual(words('a condition on a bucket'));
    const asks = { flag: 'old', variants: ['on'] };
    expect(needed({ ...plain, rules: [{ when: asks, serve: 'on' }] })).toEqual(words('a condition on a flag'));
  });

  it('is told only of flags that need a later one than before', () => {
    const old = (flags: FlagDocument['flags']): FlagDocument => ({ schemaVersion: 1, flags });
    const ranged: LongFlag = { ...plain, fallthrough: ranges };
    const asked: LongFlag = { ...ranged, rules: [{ when: { flag: 'c', variants: ['on'] }, serve: 'on' }] };
    expect(
      neededVersions(old({ a: ranged, b: ranged, c: asked }), old({ a: plain, c: ranged })).map((one) => one.flagKey),
    ).toEqual(['a', 'b']);
    expect(neededVersions(old({ a: ranged }), old({ a: ranged }))).toEqual([]);
  });
});
