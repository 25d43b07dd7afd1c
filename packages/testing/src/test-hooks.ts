import type { EvaluationContext, EvaluationDetails, FlagValue, Hook } from '@clarity/flags-core';

/** The hooks of a test client: called in the stages and the order of the real one. What they throw is left to the test to see. */
export class TestHooks {
  #hooks: readonly Hook[] = [];

  add(hook: Hook): () => void {
    this.#hooks = [...this.#hooks, hook];
    return () => {
      this.#hooks = this.#hooks.filter((other) => other !== hook);
    };
  }

  around<Details extends EvaluationDetails<FlagValue | null>>(
    flagKey: string,
    revision: string,
    context: EvaluationContext | undefined,
    fallback: FlagValue | null,
    evaluate: (context: EvaluationContext | undefined) => Details,
  ): Details {
    const hooks = this.#hooks;
    if (hooks.length === 0) return evaluate(context);
    const type = typeof fallback;
    const asked = {
      flagKey,
      flagValueType:
        fallback === null
          ? undefined
          : type === 'boolean' || type === 'string' || type === 'number'
            ? type
            : ('object' as const),
      defaultValue: fallback,
      revision,
    };
    let merged = context ?? {};
    for (const hook of hooks) merged = { ...merged, ...hook.before?.({ ...asked, context: merged }) };
    const told = { ...asked, context: merged };
    const details = evaluate(merged);
    const inReverse = hooks.toReversed();
    for (const hook of inReverse) {
      if (details.reason === 'ERROR') hook.error?.(told, details);
      else hook.after?.(told, details);
    }
    for (const hook of inReverse) hook.finally?.(told, details);
    return details;
  }
}
