import { describe, expect, it } from 'vitest';
import { decodeDocument } from '../../src/document/decode.ts';
import { accepted } from './decoded.ts';

describe('a flag that a newer version wrote', () => {
  const other = { status: 'enabled' };
  it.each([
    [
      'an operator',
      {
        type: 'boolean',
        rules: [{ when: { attribute: 'a', op: 'soundsLike', value: { x: 1 }, locale: 'de' }, serve: 'on' }],
        fallthrough: 'off',
      },
      '.rules[0].when.op',
    ],
    [
      'a kind of condition',
      { type: 'boolean', rules: [{ when: { most: [] }, serve: 'on' }], fallthrough: 'off' },
      '.rules[0].when',
    ],
    ['a status', { status: 'preview' }, '.status'],
    ['a way to serve', { type: 'boolean', fallthrough: { kind: 'bandit', arms: [] } }, '.fallthrough.kind'],
    [
      'a hash',
      { type: 'boolean', fallthrough: { kind: 'split', hash: 'xxh3', variants: [{ variant: 'on', weight: 1 }] } },
      '.fallthrough.hash',
    ],
    [
      'a curve',
      { type: 'boolean', fallthrough: { kind: 'ramp', variant: 'on', otherwise: 'off', curve: 'smooth', points: [] } },
      '.fallthrough.curve',
    ],
    ['a type', { type: 'duration', variants: { a: 'PT1S' }, fallthrough: 'a' }, '.type'],
    ['a member', { status: 'enabled', experiment: {} }, '.experiment'],
    [
      'a member of a rule',
      { type: 'boolean', rules: [{ when: { all: [] }, serve: 'on', until: 1 }], fallthrough: 'off' },
      '.rules[0].until',
    ],
  ])('F57 is set aside for %s, and the rest is used', (_, flag, path) => {
    const result = decodeDocument(JSON.stringify({ schemaVersion: 1, flags: { flag, other } }));
    expect(result).toMatchObject({
      ok: true,
      setAside: [{ flagKey: 'flag', problem: { path: `$.flags.flag${path}` } }],
    });
    expect(Object.keys(accepted(result).flags)).toEqual(['other']);
    expect(accepted(result).setAside).toHaveLength(1);
  });

  it('F57 is set aside when it uses a segment that is, directly or through others', () => {
    const flag = (segment: string): unknown => ({
      type: 'boolean',
      rules: [{ when: { segment }, serve: 'on' }],
      fallthrough: 'off',
    });
    const result = decodeDocument(
      JSON.stringify({
        schemaVersion: 1,
        flags: { direct: flag('new'), through: flag('outer'), other: flag('sound') },
        segments: {
          outer: { when: { segment: 'further' } },
          further: { when: { not: { segment: 'new' } } },
          new: { when: { attribute: 'a', op: 'near' } },
          sound: {},
        },
      }),
    );
    expect(result.ok && result.setAside.map(({ flagKey, problem }) => [flagKey, problem.path]).toSorted()).toEqual([
      ['direct', '$.segments.new.when.op'],
      ['through', '$.segments.new.when.op'],
    ]);
    expect(result.ok && Object.keys(result.document.segments ?? {})).toEqual(['sound']);
  });

  it('does not refuse those that wait for it, even for variants that cannot be seen here', () => {
    const result = decodeDocument(
      JSON.stringify({
        schemaVersion: 1,
        flags: {
          flag: { type: 'enum', options: ['x'], fallthrough: 'x' },
          waiting: { type: 'boolean', prerequisites: [{ flag: 'flag', variants: ['x'] }], fallthrough: 'on' },
        },
      }),
    );
    expect(result).toMatchObject({ ok: true, setAside: [{ flagKey: 'flag' }] });
  });

  it('alone does not make a document empty', () => {
    expect(decodeDocument(JSON.stringify({ schemaVersion: 1, flags: { flag: { status: 'preview' } } })).ok).toBe(true);
  });
});
