import { decodeDocument } from '@clarity/flags-core/document';
import { describe, expect, it } from 'vitest';
import { apply } from '../../src/index.ts';
import { documentWith } from './applied.ts';

describe('a change that is applied', () => {
  it('leaves the document that it is given as it was', () => {
    const document = documentWith({ a: { status: 'canary', rolloutPercentage: 5 } });
    const before = JSON.stringify(document);
    const result = apply(document, { instructions: [{ kind: 'setPercentage', flag: 'a', percentage: 50 }] });
    expect(result.ok).toBe(true);
    expect(JSON.stringify(document)).toBe(before);
  });

  it('keeps the order of entries and members, and puts new entries last', () => {
    const document = documentWith({
      b: { description: 'x', status: 'canary', rolloutPercentage: 5 },
      a: { status: 'enabled' },
    });
    const result = apply(document, {
      instructions: [
        { kind: 'create', flag: 'aa', definition: { status: 'disabled' } },
        { kind: 'setPercentage', flag: 'b', percentage: 50 },
      ],
    });
    expect(result.ok && JSON.stringify(result.document.flags)).toBe(
      '{"b":{"description":"x","status":"canary","rolloutPercentage":50},' +
        '"a":{"status":"enabled"},"aa":{"status":"disabled"}}',
    );
  });

  it('leaves entries that it does not name the same objects', () => {
    const document = documentWith({ a: { status: 'enabled' }, b: { status: 'enabled' } });
    const result = apply(document, { instructions: [{ kind: 'turnOff', flag: 'a' }] });
    expect(result.ok && result.document.flags['b']).toBe(document.flags['b']);
  });

  it('carries out each instruction on what those before it left', () => {
    const document = documentWith({ a: { status: 'enabled' } });
    const result = apply(document, {
      instructions: [
        { kind: 'setStatus', flag: 'a', status: 'canary', from: 'enabled' },
        { kind: 'setPercentage', flag: 'a', percentage: 5, from: null },
        { kind: 'setPercentage', flag: 'a', percentage: 10, from: 5 },
      ],
    });
    expect(result.ok && result.document.flags['a']).toEqual({ status: 'canary', rolloutPercentage: 10 });
  });

  it('can meet a flag named like a member of every object', () => {
    const document = documentWith(JSON.parse('{"__proto__":{"status":"enabled"}}') as Record<string, unknown>);
    const result = apply(document, {
      instructions: [
        { kind: 'turnOff', flag: '__proto__' },
        { kind: 'create', flag: 'constructor', definition: { status: 'enabled' } },
      ],
    });
    expect(result.ok && Object.entries(result.document.flags)).toEqual([
      ['__proto__', { status: 'disabled' }],
      ['constructor', { status: 'enabled' }],
    ]);
  });
});

describe('a change that cannot be applied', () => {
  it('says of a flag that is gone where it was looked for, and what the change wants', () => {
    const document = documentWith({ a: { status: 'enabled' } });
    const result = apply(document, {
      instructions: [{ kind: 'setDescription', flag: 'b', description: 'x', from: 'y' }],
    });
    expect(result).toMatchObject({
      ok: false,
      problems: [{ reason: 'gone', path: '$.flags.b', instruction: 0, sides: { saw: 'y', now: null } }],
    });
  });

  it('tells of every instruction that cannot be carried out', () => {
    const document = documentWith({ a: { status: 'enabled' } });
    const result = apply(document, {
      instructions: [
        { kind: 'turnOff', flag: 'b' },
        { kind: 'turnOff', flag: 'a' },
        { kind: 'removeSegment', segment: 'c' },
      ],
    });
    expect(result.ok ? [] : result.problems.map(({ instruction }) => instruction)).toEqual([0, 2]);
  });

  it('shows both sides where something else stands than its author saw', () => {
    const document = documentWith({ a: { status: 'canary', rolloutPercentage: 50 } });
    const result = apply(document, { instructions: [{ kind: 'setPercentage', flag: 'a', percentage: 30, from: 25 }] });
    expect(result.ok ? [] : result.problems).toMatchObject([
      {
        reason: 'contested',
        path: '$.flags.a.rolloutPercentage',
        found: '50',
        sides: { saw: 25, now: 50, wants: 30 },
      },
    ]);
  });

  it('does not mind what its author saw where all is as wanted already', () => {
    const document = documentWith({ a: { status: 'canary', rolloutPercentage: 50 } });
    const result = apply(document, { instructions: [{ kind: 'setPercentage', flag: 'a', percentage: 50, from: 25 }] });
    expect(result.ok && result.document).toEqual(document);
  });

  it.each([
    [
      'a prerequisite',
      { b: { type: 'boolean', prerequisites: [{ flag: 'a', variants: ['on'] }], fallthrough: 'on' } },
      {},
      '$.flags.b.prerequisites[0].flag',
    ],
    [
      'a condition of a rule',
      {
        b: {
          type: 'boolean',
          rules: [{ when: { not: { flag: 'a', variants: ['on'] } }, serve: 'on' }],
          fallthrough: 'on',
        },
      },
      {},
      '$.flags.b.rules[0].when.not.flag',
    ],
    [
      'a segment',
      { b: { status: 'enabled' } },
      { segments: { c: { when: { flag: 'a', variants: ['on'] } } } },
      '$.segments.c.when.flag',
    ],
  ])('says of a flag that is removed that %s waits for it', (_, flags, others, place) => {
    const document = documentWith({ a: { status: 'enabled' }, ...flags }, others);
    const result = apply(document, { instructions: [{ kind: 'remove', flag: 'a' }] });
    expect(result.ok ? [] : result.problems).toMatchObject([{ reason: 'used', path: '$.flags.a', instruction: 0 }]);
    expect(result.ok ? '' : result.problems[0]!.message).toContain(place);
  });

  it('says of a segment, a layer and a holdout that are removed what waits for them', () => {
    const arms = { kind: 'split', variants: [{ variant: 'on', ranges: [[0, 100]] }], otherwise: 'off' };
    const part = { experiment: { id: 'e', phase: 1 }, layer: 'l', holdout: 'h' };
    const document = documentWith(
      {
        a: {
          type: 'boolean',
          rules: [{ when: { segment: 's' }, serve: 'on' }],
          fallthrough: { ...arms, ...part },
        },
      },
      { segments: { s: {} }, layers: { l: { slots: { e: [[0, 5]] } } }, holdouts: { h: { percentage: 5 } } },
    );
    const result = apply(document, {
      instructions: [
        { kind: 'removeSegment', segment: 's' },
        { kind: 'removeLayer', layer: 'l' },
        { kind: 'removeHoldout', holdout: 'h' },
      ],
    });
    expect(result.ok ? [] : result.problems.map(({ reason, path }) => [reason, path])).toEqual([
      ['used', '$.segments.s'],
      ['used', '$.layers.l'],
      ['used', '$.holdouts.h'],
    ]);
  });

  it('removes a flag together with what waits for it', () => {
    const document = documentWith({
      a: { status: 'enabled' },
      b: { type: 'boolean', prerequisites: [{ flag: 'a', variants: ['on'] }], fallthrough: 'on' },
      c: { status: 'enabled' },
    });
    const result = apply(document, {
      instructions: [
        { kind: 'remove', flag: 'a' },
        { kind: 'setPrerequisites', flag: 'b', prerequisites: null },
      ],
    });
    expect(result.ok && Object.keys(result.document.flags)).toEqual(['b', 'c']);
  });

  it('says what would not be sound, and whose instruction that is', () => {
    const document = documentWith({ a: { status: 'enabled' }, b: { status: 'enabled' } });
    const result = apply(document, {
      instructions: [
        { kind: 'turnOff', flag: 'b' },
        { kind: 'setFallthrough', flag: 'a', serve: 'purple' },
      ],
    });
    expect(result.ok ? [] : result.problems).toMatchObject([
      { reason: 'invalid', path: '$.flags.a.fallthrough', instruction: 1 },
    ]);
  });

  it('says what an instruction made of a flag that the next one cannot change', () => {
    const result = apply(documentWith({ a: { status: 'enabled' } }), {
      instructions: [
        { kind: 'setFallthrough', flag: 'a', serve: { kind: 'split' } as never },
        { kind: 'setPercentage', flag: 'a', percentage: 5 },
      ],
    });
    expect(result.ok ? [] : result.problems).toMatchObject([
      { reason: 'invalid', path: '$.flags.a.fallthrough.variants', instruction: 0 },
    ]);
  });

  it('says what is not sound beside what is missed', () => {
    const document = documentWith(
      { a: { type: 'boolean', rules: [{ when: { segment: 's' }, serve: 'on' }], fallthrough: 'off' } },
      { segments: { s: {}, other: {} } },
    );
    const result = apply(document, {
      instructions: [
        { kind: 'replaceSegment', segment: 'other', definition: { when: -1 as never } },
        { kind: 'removeSegment', segment: 's' },
      ],
    });
    expect(
      result.ok ? [] : result.problems.map(({ reason, path, instruction }) => [reason, path, instruction]),
    ).toEqual([
      ['used', '$.segments.s', 1],
      ['invalid', '$.segments.other.when', 0],
    ]);
  });

  it('does not leave a document without flags', () => {
    const result = apply(documentWith({ a: { status: 'enabled' } }), { instructions: [{ kind: 'remove', flag: 'a' }] });
    expect(result.ok ? [] : result.problems).toMatchObject([{ reason: 'invalid', path: '$.flags' }]);
  });

  it('creates no flag over another', () => {
    const document = documentWith({ a: { status: 'enabled' } });
    const create = (status: 'enabled' | 'disabled') =>
      apply(document, { instructions: [{ kind: 'create', flag: 'a', definition: { status } }] });
    expect(create('disabled')).toMatchObject({ problems: [{ reason: 'taken' }] });
    // Somebody whose answer was lost asks again.
    expect(create('enabled').ok).toBe(true);
  });
});

describe('a flag that is set aside', () => {
  const text =
    '{"schemaVersion":1,"flags":{"new":{"status":"purple"},"a":{"type":"boolean",' +
    '"prerequisites":[{"flag":"new","variants":["x"]}],"fallthrough":"on"}}}';
  const decodedText = decodeDocument(text);
  const document = decodedText.ok ? decodedText.document : documentWith({});

  it('stays so while others change', () => {
    const result = apply(document, { instructions: [{ kind: 'turnOff', flag: 'a' }] });
    expect(result.ok && result.document.setAside).toEqual(document.setAside);
  });

  it('can be removed or written anew, and not be changed', () => {
    const change = apply(document, { instructions: [{ kind: 'turnOff', flag: 'new' }] });
    expect(change.ok ? [] : change.problems).toMatchObject([{ reason: 'cannot', path: '$.flags.new' }]);
    const anew = apply(document, {
      instructions: [
        { kind: 'replace', flag: 'new', definition: { type: 'string', variants: { x: 'y' }, fallthrough: 'x' } },
      ],
    });
    expect(anew.ok && anew.document.setAside).toEqual([]);
    const removed = apply(document, {
      instructions: [
        { kind: 'remove', flag: 'new' },
        { kind: 'setPrerequisites', flag: 'a', prerequisites: null },
      ],
    });
    expect(removed.ok && removed.document.setAside).toEqual([]);
  });

  it('does not come of a change: a word that is not known is a problem', () => {
    const result = apply(document, {
      instructions: [{ kind: 'create', flag: 'b', definition: { status: 'purple' as never } }],
    });
    expect(result.ok ? [] : result.problems).toMatchObject([{ reason: 'invalid', path: '$.flags.b.status' }]);
  });
});
