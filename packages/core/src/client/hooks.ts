import type { FlagType, FlagValue } from '../document/types.ts';
import type { EvaluationContext } from '../evaluation/context.ts';
import type { EvaluationDetails } from '../evaluation/details.ts';
import type { Isolate } from './listeners.ts';

/** What a hook is told of an evaluation. */
export interface HookContext {
  readonly flagKey: string;
  readonly flagValueType: FlagType;
  readonly defaultValue: FlagValue;
  readonly context: EvaluationContext;
}

/**
 * Code around each evaluation, in the stages of OpenFeature's specification (section 4). All stages are synchronous, for evaluation never waits.
 * What a hook throws is isolated and counted; the evaluation goes on without that stage.
 */
export interface Hook {
  /** Before the evaluation. What it returns is merged over the context. */
  before?(hookContext: HookContext): EvaluationContext | void;
  /** After an evaluation that gave a value. */
  after?(hookContext: HookContext, details: EvaluationDetails): void;
  /** After one that gave the fallback because of an error; `details.errorCode` says which. */
  error?(hookContext: HookContext, details: EvaluationDetails): void;
  /** At the end, whatever happened. */
  finally?(hookContext: HookContext, details: EvaluationDetails): void;
}

/** Evaluates between the stages of hooks: `before` in their order, all others in reverse, as the specification has it. */
export function evaluateBetween<Details extends EvaluationDetails>(
  hooks: readonly Hook[],
  asked: HookContext,
  evaluate: (context: EvaluationContext) => Details,
  isolate: Isolate,
): Details {
  let { context } = asked;
  for (const hook of hooks) {
    isolate('hook', () => {
      const added = hook.before?.({ ...asked, context });
      // A promise is no context: isolation hears when it rejects.
      if (typeof added !== 'object' || 'then' in added) return added;
      context = { ...context, ...added };
      return undefined;
    });
  }
  const told = { ...asked, context };
  const details = evaluate(context);
  const inReverse = hooks.toReversed();
  const stage = details.reason === 'ERROR' ? 'error' : 'after';
  for (const hook of inReverse) isolate('hook', () => hook[stage]?.(told, details));
  for (const hook of inReverse) isolate('hook', () => hook.finally?.(told, details));
  return details;
}
