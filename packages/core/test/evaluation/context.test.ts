import { describe, expect, expectTypeOf, it } from 'vitest';
import type { EvaluationContext } from '../../src/evaluation/context.ts';
import { createEvaluator } from '../../src/evaluation.ts';

interface User {
  readonly targetingKey: string;
  readonly address: { readonly country: string };
}

class Account {
  readonly userId = 'u1';
  readonly #country = 'de';
  get address() {
    return { country: this.#country };
  }
}

const evaluator = createEvaluator({
  schemaVersion: 1,
  flags: {
    f: {
      type: 'boolean',
      variants: { on: true, off: false },
      rules: [{ when: { attribute: 'address.country', op: 'equals', value: 'de' }, serve: 'on' }],
      fallthrough: 'off',
    },
  },
});

describe('F67 a context', () => {
  it('may be of an interface, of a class, or a literal', () => {
    const user: User = { targetingKey: 'u1', address: { country: 'de' } };
    expect(evaluator.isEnabled('f', user, false)).toBe(true);
    expect(evaluator.isEnabled('f', new Account(), false)).toBe(true);
    expect(evaluator.isEnabled('f', { address: { country: 'fr' }, plan: 'pro' }, false)).toBe(false);
  });

  it('is no text, number, list, function, promise, map or date, and its unit no object', () => {
    expectTypeOf<string>().not.toExtend<EvaluationContext>();
    expectTypeOf<number>().not.toExtend<EvaluationContext>();
    expectTypeOf<readonly string[]>().not.toExtend<EvaluationContext>();
    expectTypeOf<() => User>().not.toExtend<EvaluationContext>();
    expectTypeOf<Promise<User>>().not.toExtend<EvaluationContext>();
    expectTypeOf<Map<string, string>>().not.toExtend<EvaluationContext>();
    expectTypeOf<Date>().not.toExtend<EvaluationContext>();
    expectTypeOf<{ readonly userId: Date }>().not.toExtend<EvaluationContext>();
    expectTypeOf<User>().toExtend<EvaluationContext>();
  });
});
