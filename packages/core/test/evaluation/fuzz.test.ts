import { describe, expect, it } from 'vitest';
import type { EvaluationContext } from '../../src/evaluation/context.ts';
import { runSeed } from '../document/random.ts';
import { evaluatorOf } from './documents.ts';
import { fuzz } from './fuzz.ts';

describe('evaluation', () => {
  it('never throws and never contradicts itself, whatever documents and contexts hold', { timeout: 60_000 }, () => {
    const seed = runSeed();
    expect(() => fuzz(seed, 20_000), `SEED=${seed}`).not.toThrow();
  });

  it('serves the fallback when the context throws', () => {
    const evaluator = evaluatorOf({
      ruled: {
        type: 'boolean',
        rules: [{ when: { attribute: 'country', op: 'equals', value: 'DE' }, serve: 'on' }],
        fallthrough: 'off',
      },
      canary: { status: 'canary', rolloutPercentage: 50 },
      enabled: { status: 'enabled' },
    });
    const context = {
      get country(): string {
        throw new Error('secret');
      },
      get targetingKey(): string {
        throw new Error('secret');
      },
    };
    expect(evaluator.isEnabled('ruled', context, true)).toBe(true);
    expect(evaluator.isEnabled('canary', context, true)).toBe(true);
    expect(evaluator.details('ruled', context, true)).toEqual({
      flagKey: 'ruled',
      value: true,
      reason: 'ERROR',
      errorCode: 'INVALID_CONTEXT',
      errorMessage: 'the context threw',
    });
    expect(evaluator.all(context)).toEqual({ enabled: true });
  });

  it('answers rightly when the context asks the same evaluator while it is read', () => {
    const evaluator = evaluatorOf(
      {
        inner: {
          type: 'boolean',
          prerequisites: [{ flag: 'base', variants: ['on'] }],
          rules: [{ when: { segment: 'germans' }, serve: 'on' }],
          fallthrough: 'off',
        },
        base: { type: 'boolean', rules: [{ when: { segment: 'germans' }, serve: 'on' }], fallthrough: 'off' },
        outer: {
          type: 'boolean',
          prerequisites: [
            { flag: 'inner', variants: ['on'] },
            { flag: 'base', variants: ['on'] },
          ],
          fallthrough: 'on',
        },
      },
      { germans: { when: { attribute: 'country', op: 'equals', value: 'DE' } } },
    );
    let inside: boolean | undefined;
    const context: EvaluationContext = {
      get country(): string {
        // Somebody else, from Austria, in the middle of this evaluation.
        inside = evaluator.isEnabled('outer', { country: 'AT' }, true);
        return 'DE';
      },
    };
    expect(evaluator.isEnabled('outer', context, false)).toBe(true);
    expect(inside).toBe(false);
  });

  it('stops at the fallback when a context asks about itself without end', () => {
    const evaluator = evaluatorOf({
      flag: {
        type: 'boolean',
        rules: [{ when: { attribute: 'country', op: 'exists' }, serve: 'on' }],
        fallthrough: 'off',
      },
    });
    const context: EvaluationContext = {
      get country(): boolean {
        return evaluator.isEnabled('flag', context, false);
      },
    };
    expect(typeof evaluator.isEnabled('flag', context, true)).toBe('boolean');
  });
});
