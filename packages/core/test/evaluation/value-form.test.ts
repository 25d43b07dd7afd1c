import { describe, expect, it } from 'vitest';
import { evaluatorOf } from './documents.ts';

const evaluator = evaluatorOf({
  list: { type: 'object', variants: { a: ['x'] }, fallthrough: 'a' },
  object: { type: 'object', variants: { a: { x: 1 } }, fallthrough: 'a' },
  text: { type: 'string', variants: { a: 'x' }, fallthrough: 'a' },
  nothing: { type: 'number', variants: { a: 7 }, fallthrough: null },
});
const VALUES: Readonly<Record<string, unknown>> = { list: ['x'], object: { x: 1 }, text: 'x' };

describe('a value of another form than the fallback', () => {
  it.each(
    Object.keys(VALUES).flatMap((key) =>
      [['fallback'], {}, 'fallback', 7, false].map((fallback) => [key, fallback] as const),
    ),
  )('F66 is never served: %s to %j', (key, fallback) => {
    const value = VALUES[key]!;
    const alike = typeof value === typeof fallback && Array.isArray(value) === Array.isArray(fallback);
    expect(evaluator.value(key, {}, fallback)).toEqual(alike ? value : fallback);
    expect(evaluator.details(key, {}, fallback)).toMatchObject(
      alike
        ? { value, variant: 'a', reason: 'STATIC' }
        : { value: fallback, reason: 'ERROR', errorCode: 'TYPE_MISMATCH' },
    );
  });

  it('F66 is named', () => {
    expect(evaluator.details('list', {}, {}).errorMessage).toBe('list, not object');
    expect(evaluator.details('object', {}, ['a']).errorMessage).toBe('object, not list');
  });
});

describe('null as the fallback', () => {
  it.each(Object.entries(VALUES))('F66 asks for a value of any form: %s', (key, value) => {
    expect(evaluator.value(key, {}, null)).toEqual(value);
    expect(evaluator.details(key, {}, null)).toEqual({ flagKey: key, value, variant: 'a', reason: 'STATIC' });
  });

  it('F66 is given back where the fallback would be served, with the code of an error', () => {
    expect(evaluator.details('nothing', {}, null)).toEqual({ flagKey: 'nothing', value: null, reason: 'DEFAULT' });
    expect(evaluator.details('unknown', {}, null)).toMatchObject({ value: null, errorCode: 'FLAG_NOT_FOUND' });
  });

  it('F66 is what all details at once have', () => {
    const all = evaluator.allDetails({});
    expect(Object.keys(all)).toEqual(['list', 'object', 'text', 'nothing']);
    for (const [key, details] of Object.entries(all)) expect(details).toEqual(evaluator.details(key, {}, null));
    expect(evaluator.allDetails({}, { clientVisibleOnly: true })).toEqual({});
  });
});
