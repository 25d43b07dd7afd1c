import { describe, expect, it } from 'vitest';
import type { FlagDefinition, LongFlag, Prerequisite } from '../../src/document/types.ts';
import type { EvaluationContext } from '../../src/evaluation/context.ts';
import { createEvaluator } from '../../src/evaluation/evaluator.ts';
import { runSeed, sized } from '../../../../scripts/drawn-tests.ts';
import { evaluatorOf } from './documents.ts';
import { fuzz, openUndecoded } from './fuzz.ts';
import { drawAnything, drawMutated } from './hostile-documents.ts';

describe('evaluation', () => {
  it(
    'never throws and never contradicts itself, for random documents and contexts',
    { timeout: sized(60_000, 600_000) },
    () => {
      const seed = runSeed();
      expect(() => fuzz(seed, sized(20_000, 1_000_000)), `SEED=${seed}`).not.toThrow();
    },
  );

  it(
    'F92 gives one answer at the edge and on a server, for random documents',
    { timeout: sized(60_000, 600_000) },
    () => {
      const seed = runSeed();
      for (const draw of [drawMutated, drawAnything]) {
        expect(() => fuzz(seed, sized(10_000, 200_000), draw), `SEED=${seed}`).not.toThrow();
      }
      // Enough of them are read to say something.
      expect(fuzz(seed, 2_000, drawMutated).refused).toBeLessThan(1_800);
    },
  );

  it('harms nobody where nobody has decoded the document', { timeout: sized(60_000, 600_000) }, () => {
    const seed = runSeed();
    for (const draw of [drawMutated, drawAnything]) {
      expect(() => fuzz(seed, sized(20_000, 200_000), draw, openUndecoded), `SEED=${seed}`).not.toThrow();
    }
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

  it('tells of each flag in all details what it tells of it alone, where the context throws', () => {
    const asks: LongFlag = {
      type: 'boolean',
      rules: [{ when: { any: [{ segment: 'all' }, { flag: 'base', variants: ['on'] }] }, serve: 'on' }],
      fallthrough: 'off',
    };
    const when = { attribute: 'country', op: 'exists' } as const;
    const evaluator = evaluatorOf(
      {
        one: asks,
        two: asks,
        base: { type: 'boolean', rules: [{ when, serve: 'on' }], fallthrough: 'off' },
        three: asks,
      },
      { all: { when: { flag: 'base', variants: ['off'] } } },
    );
    const context = {
      get country(): string {
        throw new Error('secret');
      },
    };
    const alone = { value: null, reason: 'ERROR', errorCode: 'INVALID_CONTEXT', errorMessage: 'the context threw' };
    for (const [flagKey, details] of Object.entries(evaluator.allDetails(context))) {
      expect(details).toEqual({ flagKey, ...alone });
      expect(evaluator.details(flagKey, context, null)).toEqual(details);
    }
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

  it('answers when a context asks about a prerequisite each time that it is read', () => {
    const ruled: LongFlag = {
      type: 'boolean',
      rules: [{ when: { attribute: 'country', op: 'equals', value: 'DE' }, serve: 'on' }],
      fallthrough: 'off',
    };
    const evaluator = evaluatorOf({
      one: ruled,
      two: ruled,
      both: {
        type: 'boolean',
        prerequisites: [
          { flag: 'one', variants: ['on'] },
          { flag: 'two', variants: ['on'] },
        ],
        fallthrough: 'on',
      },
    });
    let reads = 0;
    const context: EvaluationContext = {
      get country(): string {
        reads += 1;
        if (reads > 10) throw new Error('it goes round in circles');
        evaluator.isEnabled('both', { country: 'AT' }, true);
        return 'DE';
      },
    };
    expect(evaluator.isEnabled('both', context, false)).toBe(true);
    expect(reads).toBe(2);
  });

  it('asks each of many prerequisites of one flag once', () => {
    let asked = 0;
    const flags: Record<string, FlagDefinition> = {};
    const prerequisites: Prerequisite[] = [];
    for (let index = 0; index < 3_000; index++) {
      flags[`flag-${index}`] = {
        type: 'boolean',
        rules: [{ when: { attribute: 'country', op: 'exists' }, serve: 'on' }],
        fallthrough: 'off',
      };
      // Looked at whenever somebody compares it with the variant that was served.
      const variants = new Proxy(['on'], {
        get(target, name) {
          if (name === 'includes') asked += 1;
          return Reflect.get(target, name) as unknown;
        },
      });
      prerequisites.push({ flag: `flag-${index}`, variants });
    }
    flags['many'] = { type: 'boolean', prerequisites, fallthrough: 'on' };
    expect(createEvaluator({ schemaVersion: 1, flags }).isEnabled('many', { country: 'DE' }, false)).toBe(true);
    expect(asked).toBeGreaterThanOrEqual(3_000);
    expect(asked).toBeLessThanOrEqual(2 * 3_000);
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
