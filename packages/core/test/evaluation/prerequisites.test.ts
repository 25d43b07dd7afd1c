import { describe, expect, it } from 'vitest';
import type { FlagDefinition, FlagDocument } from '../../src/document/types.ts';
import { createEvaluator } from '../../src/evaluation/evaluator.ts';
import { decodeDocument } from '../../src/document/decode.ts';
import { evaluatorOf } from './documents.ts';

describe('prerequisites', () => {
  const waiting = (flag: string, ...variants: string[]): FlagDefinition => ({
    type: 'boolean',
    prerequisites: [{ flag, variants }],
    fallthrough: 'on',
  });

  it('hold while the other flag serves one of the variants', () => {
    const evaluator = evaluatorOf({
      theme: {
        type: 'string',
        variants: { old: 'o', new: 'n' },
        rules: [{ when: { attribute: 'country', op: 'equals', value: 'DE' }, serve: 'new' }],
        fallthrough: 'old',
      },
      flag: waiting('theme', 'new'),
      either: waiting('theme', 'new', 'old'),
      none: waiting('theme'),
    });
    expect(evaluator.isEnabled('flag', { country: 'DE' }, false)).toBe(true);
    expect(evaluator.details('flag', {}, true)).toEqual({
      flagKey: 'flag',
      value: false,
      variant: 'off',
      reason: 'PREREQUISITE_FAILED',
    });
    expect(evaluator.isEnabled('either', {}, false)).toBe(true);
    expect(evaluator.isEnabled('none', {}, true)).toBe(false);
  });

  it('fail when the other flag is set aside or serves the fallback', () => {
    const text = JSON.stringify({
      schemaVersion: 1,
      flags: {
        new: { status: 'preview' },
        flag: waiting('new', 'on'),
        beta: { status: 'beta' },
        other: waiting('beta', 'on', 'off'),
      },
    });
    const result = decodeDocument(text);
    const evaluator = createEvaluator((result as { document: FlagDocument }).document);
    expect(evaluator.details('flag', {}, true)).toMatchObject({ value: false, reason: 'PREREQUISITE_FAILED' });
    expect(evaluator.details('other', {}, true)).toMatchObject({ value: false, reason: 'PREREQUISITE_FAILED' });
    expect(evaluator.details('other', { userId: 'u' }, true)).toMatchObject({ value: true });
  });

  it('are followed to any depth', () => {
    const length = 20_000;
    const flags = Object.fromEntries(
      Array.from({ length }, (_, index) => [
        `f${index}`,
        index + 1 < length ? waiting(`f${index + 1}`, 'on') : ({ status: 'beta', betaUsers: ['u1'] } as const),
      ]),
    );
    const evaluator = evaluatorOf(flags);
    expect(evaluator.isEnabled('f0', { userId: 'u1' }, false)).toBe(true);
    expect(evaluator.isEnabled('f0', { userId: 'u2' }, true)).toBe(false);
  });

  it('that are shared are asked once', () => {
    let reads = 0;
    const context = {
      get country(): string {
        reads++;
        return 'DE';
      },
    };
    const flags: Record<string, FlagDefinition> = {
      f0: {
        type: 'boolean',
        rules: [{ when: { attribute: 'country', op: 'equals', value: 'DE' }, serve: 'on' }],
        fallthrough: 'off',
      },
    };
    for (let index = 1; index < 60; index++) {
      const flag = `f${index - 1}`;
      flags[`f${index}`] = {
        type: 'boolean',
        prerequisites: [
          { flag, variants: ['on'] },
          { flag, variants: ['on', 'off'] },
        ],
        fallthrough: 'on',
      };
    }
    expect(evaluatorOf(flags).isEnabled('f59', context, false)).toBe(true);
    expect(reads).toBe(1);
  });

  it('in a circle, which the decoder refuses, end as an error', () => {
    const document: FlagDocument = {
      schemaVersion: 1,
      flags: { a: waiting('b', 'on'), b: waiting('c', 'on'), c: waiting('a', 'on'), self: waiting('self', 'on') },
    };
    const evaluator = createEvaluator(document);
    for (const key of ['a', 'b', 'self']) {
      expect(evaluator.details(key, {}, true)).toEqual({
        flagKey: key,
        value: true,
        reason: 'ERROR',
        errorCode: 'GENERAL',
        errorMessage: 'a cycle',
      });
    }
  });
});
