import { describe, expect, it } from 'vitest';
import type { FlagDefinition, FlagDocument } from '../../src/document/types.ts';
import { createEvaluator } from '../../src/evaluation/evaluator.ts';
import { decodeDocument } from '../../src/document/decode.ts';
import { documentOf, evaluatorOf } from './documents.ts';

describe('an evaluator', () => {
  it('answers for an unknown flag with the fallback', () => {
    const evaluator = evaluatorOf({ a: { status: 'enabled' } });
    for (const key of ['nope', '', '__proto__', 'constructor', 'toString']) {
      expect(evaluator.isEnabled(key, {}, true)).toBe(true);
      expect(evaluator.isEnabled(key, {}, false)).toBe(false);
      expect(evaluator.value(key, {}, 'mine')).toBe('mine');
      expect(evaluator.details(key, {}, 1)).toEqual({
        flagKey: key,
        value: 1,
        reason: 'ERROR',
        errorCode: 'FLAG_NOT_FOUND',
        errorMessage: 'no such flag',
      });
    }
  });

  it('F57 serves the fallback of a flag that is set aside, and says why', () => {
    const result = decodeDocument(
      JSON.stringify({
        schemaVersion: 1,
        flags: { new: { status: 'preview', clientVisible: true }, other: { status: 'enabled' } },
      }),
    );
    const evaluator = createEvaluator((result as { document: FlagDocument }).document);
    expect(evaluator.isEnabled('new', {}, true)).toBe(true);
    expect(evaluator.details('new', {}, true)).toEqual({
      flagKey: 'new',
      value: true,
      reason: 'ERROR',
      errorCode: 'PARSE_ERROR',
      errorMessage: '$.flags.new.status: found "preview", allowed: enabled, disabled, beta, canary',
    });
    expect(evaluator.all({})).toEqual({ other: true });
  });

  it('gives all flags that have a value, or those that browsers may see', () => {
    const evaluator = evaluatorOf({
      on: { status: 'enabled', clientVisible: true },
      hidden: { status: 'enabled', clientVisible: false },
      secret: { type: 'string', variants: { a: 'A' }, fallthrough: 'a' },
      fallback: { type: 'string', variants: { a: 'A' }, fallthrough: null, clientVisible: true },
      ['__proto__']: { status: 'disabled', clientVisible: true },
    });
    const all = evaluator.all({ userId: 'u' });
    expect(Object.entries(all)).toEqual([
      ['on', true],
      ['hidden', true],
      ['secret', 'A'],
      ['__proto__', false],
    ]);
    expect(Object.entries(evaluator.all({}, { clientVisibleOnly: true }))).toEqual([
      ['on', true],
      ['__proto__', false],
    ]);
  });

  it('F22 gives a flag named __proto__ like any other', () => {
    const flags = JSON.parse('{"__proto__":{"status":"enabled"},"constructor":{"status":"disabled"}}') as Record<
      string,
      FlagDefinition
    >;
    const all = evaluatorOf(flags).all({});
    expect(Object.entries(all)).toEqual([
      ['__proto__', true],
      ['constructor', false],
    ]);
    expect(JSON.stringify(all)).toBe('{"__proto__":true,"constructor":false}');
  });

  it('compiles flags on first use, counts them, and drops them when asked', () => {
    const evaluator = createEvaluator(documentOf({ a: { status: 'enabled' }, b: { status: 'disabled' } }));
    expect(evaluator.cacheSize).toBe(0);
    evaluator.isEnabled('a', {}, false);
    evaluator.isEnabled('a', { userId: 'u' }, false);
    evaluator.isEnabled('nope', {}, false);
    expect(evaluator.cacheSize).toBe(1);
    evaluator.all({});
    expect(evaluator.cacheSize).toBe(2);
    evaluator.clearCache();
    expect(evaluator.cacheSize).toBe(0);
    expect(evaluator.isEnabled('a', {}, false)).toBe(true);
    expect(evaluator.cacheSize).toBe(1);
  });

  it('tells of the context in hand, also where a getter asks about another one', () => {
    const version = (attribute: string) => ({ attribute, op: 'semverAtLeast', value: '1.0.0' }) as const;
    const evaluator = evaluatorOf({
      outer: {
        type: 'boolean',
        rules: [
          { when: { flag: 'inner', variants: ['on'] }, serve: 'off' },
          { when: version('build'), serve: 'off' },
        ],
        fallthrough: 'on',
      },
      inner: { type: 'boolean', rules: [{ when: version('app'), serve: 'on' }], fallthrough: 'off' },
    });
    const context = {
      app: '0.1.0',
      get build(): number {
        evaluator.isEnabled('outer', { app: '2.0.0' }, false);
        return 1;
      },
    };
    const told = { value: true, contextProblems: [{ attribute: 'build', found: 'a number' }] };
    expect(evaluator.details('outer', context, false)).toMatchObject(told);
    expect(evaluator.allDetails(context)['outer']).toMatchObject(told);
  });

  it('tells the bucket of a unit at the end of a path however often it told of it before', () => {
    const by = Array.from({ length: 50 }, () => 'a').join('.');
    const context = by.split('.').reduceRight<unknown>((inner, name) => ({ [name]: inner }), 'u1') as object;
    const split = { kind: 'split', by, variants: [{ variant: 'on', weight: 1 }] } as const;
    const evaluator = evaluatorOf({ a: { type: 'boolean', fallthrough: split } });
    const first = evaluator.details('a', context, false);
    expect(first.bucket).toBeTypeOf('number');
    for (let time = 0; time < 10_000; time++) evaluator.details('a', context, false);
    expect(evaluator.details('a', context, false)).toEqual(first);
  });

  it('survives a document that was not decoded', () => {
    const evaluator = createEvaluator({
      schemaVersion: 1,
      flags: {
        broken: { type: 'boolean', rules: [{ when: { attribute: 'a', op: 'nope' }, serve: 'on' }], fallthrough: 'off' },
        pattern: {
          type: 'boolean',
          rules: [{ when: { attribute: 'a', op: 'matches', value: '(' }, serve: 'on' }],
          fallthrough: 'off',
        },
        missing: { type: 'boolean', rules: [{ when: { segment: 'nobody' }, serve: 'on' }], fallthrough: 'off' },
        nothing: null,
      },
    } as unknown as FlagDocument);
    for (const key of ['broken', 'pattern', 'nothing']) {
      expect(evaluator.isEnabled(key, {}, true)).toBe(true);
      expect(evaluator.details(key, {}, true).errorCode).toBe('PARSE_ERROR');
    }
    expect(evaluator.isEnabled('missing', {}, true)).toBe(true);
  });
});
