import type { FlagValue } from '../../document/types.ts';
import type { EvaluationContext } from '../../evaluation/context.ts';
import type { EvaluationDetails } from '../../evaluation/details.ts';
import type { Hook, HookContext } from '../../ports/hook.ts';
import { extendedContext } from './extended-context.ts';

/**
 * Evaluates between the stages of hooks: `before` in their order, all others in reverse, as the specification has it.
 */
export function evaluateBetween<Details extends EvaluationDetails<FlagValue | null>>(
  hooks: readonly Hook[],
  asked: HookContext,
  evaluate: (context: EvaluationContext) => Details,
  callHook: (stage: () => unknown) => void,
): Details {
  let { context } = asked;
  for (const hook of hooks) {
    callHook(() => {
      const added = hook.before?.({ ...asked, context });
      // A promise is no context: isolation hears when it rejects.
      if (typeof added !== 'object' || added === null || 'then' in added) return added;
      context = extendedContext(context, added);
      return undefined;
    });
  }
  const told = { ...asked, context };
  const details = evaluate(context);
  const inReverse = hooks.toReversed();
  const stage = details.reason === 'ERROR' ? 'error' : 'after';
  for (const hook of inReverse) callHook(() => hook[stage]?.(told, details));
  for (const hook of inReverse) callHook(() => hook.finally?.(told, details));
  return details;
}
